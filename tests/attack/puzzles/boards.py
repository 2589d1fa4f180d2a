"""Puzzles on boards: rush hour, lights out, knights, and the pocket cube."""

from .base import Puzzle, words
from .stacks import both_ends


class RushHour(Puzzle):
    """A state is where each car begins: its column where it stands across, else its row. Row 0 is at the top."""

    def __init__(self, data):
        self.size = data["size"]
        self.cars = data["cars"]
        self.walls = {tuple(wall) for wall in data.get("walls", ())}
        self.start = tuple(car["x"] if car["across"] else car["y"] for car in self.cars)

    def goal(self, state):
        return state[0] + self.cars[0]["length"] == self.size

    def cells(self, number, at):
        car = self.cars[number]
        return [(at + k, car["y"]) if car["across"] else (car["x"], at + k) for k in range(car["length"])]

    def moves(self, state):
        taken = {cell for number, at in enumerate(state) for cell in self.cells(number, at)} | self.walls
        for number, car in enumerate(self.cars):
            for sign, name in ((-1, "left" if car["across"] else "up"), (1, "right" if car["across"] else "down")):
                at = state[number]
                for distance in range(1, self.size):
                    to = at + sign * distance
                    if to < 0 or to + car["length"] > self.size:
                        break
                    front = self.cells(number, to)[0 if sign < 0 else -1]
                    if front in taken:
                        break
                    yield (chr(65 + number), name, str(distance)), state[:number] + (to,) + state[number + 1:], 1

    def state_key(self, text):
        try:
            return tuple(int(n) for n in super().state_key(text))
        except ValueError:
            return None


class LightsOut(Puzzle):
    """A press switches a lamp and its neighbours in row and column."""

    def __init__(self, data):
        self.start = "/".join(data["lamps"])
        self.rows, self.columns = len(data["lamps"]), len(data["lamps"][0])
        self.width = self.columns + 1

    def goal(self, state):
        return "1" not in state

    def moves(self, state):
        for r in range(self.rows):
            for c in range(self.columns):
                yield (str(r + 1), str(c + 1)), self.press(state, r, c), 1

    def press(self, state, r, c):
        cells = list(state)
        for y, x in ((r, c), (r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
            if 0 <= y < self.rows and 0 <= x < self.columns:
                at = y * self.width + x
                cells[at] = "10"[int(cells[at])]
        return "".join(cells)

    def say(self, move, frames):
        return f"({','.join(move)})" if frames else " ".join(move)

    def state_key(self, text):
        inner = "".join(text.replace("[", " ").replace("]", " ").split())
        return inner if len(inner) == len(self.start) else None

    def least(self, state):
        """The fewest presses that switch all off: the first row is tried in all ways, the others follow."""
        best = None
        for first in range(1 << self.columns):
            grid = [[int(ch) for ch in row] for row in state.split("/")]
            presses, row = 0, [first >> c & 1 for c in range(self.columns)]
            for r in range(self.rows):
                for c in range(self.columns):
                    if row[c]:
                        presses += 1
                        for y, x in ((r, c), (r - 1, c), (r + 1, c), (r, c - 1), (r, c + 1)):
                            if 0 <= y < self.rows and 0 <= x < self.columns:
                                grid[y][x] ^= 1
                row = grid[r][:]
            if not any(grid[-1]) and (best is None or presses < best):
                best = presses
        return best

    def distances(self):
        return None

    def dead(self, state):
        memo = self.__dict__.setdefault("_least", {})
        if state not in memo:
            memo[state] = self.least(state)
        return memo[state] is None

    def cheapest(self):
        return True, self.least(self.start)


class Knights(Puzzle):
    """One knight goes to a square, or white and black knights exchange theirs. A state is the sets of squares of both colours."""

    def __init__(self, data):
        squares = {(x, y) for x in range(data["width"]) for y in range(data["height"])}
        self.free = {self.name(s) for s in squares} - set(data["blocked"])
        self.near = {}
        for x, y in squares:
            around = ((x + dx, y + dy) for dx in (-2, -1, 1, 2) for dy in (-2, -1, 1, 2) if abs(dx) != abs(dy))
            self.near[self.name((x, y))] = [self.name(s) for s in around if self.name(s) in self.free]
        if data["task"] == "path":
            self.start, self.end = (frozenset([data["start"]]),), (frozenset([data["goal"]]),)
        else:
            self.start = frozenset(data["white"]), frozenset(data["black"])
            self.end = self.start[::-1]

    @staticmethod
    def name(square):
        return f"{chr(97 + square[0])}{square[1] + 1}" if square[0] >= 0 and square[1] >= 0 else ""

    def goal(self, state):
        return state == self.end

    def moves(self, state):
        taken = {square for side in state for square in side}
        for number, side in enumerate(state):
            for square in side:
                for to in self.near[square]:
                    if to not in taken:
                        after = side - {square} | {to}
                        yield (square, to), state[:number] + (after,) + state[number + 1:], 1

    def say(self, move, frames):
        return ("-" if frames else " ").join(move)

    def move_key(self, text):
        return words(text, "[](),-")

    def state_key(self, text):
        return tuple(frozenset(words(side)) for side in text.split("|"))


class PocketCube(Puzzle):
    """Seven corners turn about the eighth (DBL). A state says of each place which colours stand on its faces, in the order of its name."""

    places = ("URF", "UFL", "ULB", "UBR", "DFR", "DLF", "DRB")
    turns = {"U": "FLBR", "R": "UBDF", "F": "URDL"}  # the faces that a clockwise turn goes around
    order = {
        "URF": ((0, 3), (1, 0), (2, 1)), "UFL": ((0, 2), (2, 0), (4, 1)), "ULB": ((0, 0), (4, 0), (5, 1)), "UBR": ((0, 1), (5, 0), (1, 1)),
        "DFR": ((3, 1), (2, 3), (1, 2)), "DLF": ((3, 0), (4, 3), (2, 2)), "DRB": ((3, 3), (1, 3), (5, 2)),
    }

    def __init__(self, data):
        text = data["facelets"]
        self.start = tuple("".join(text[face * 4 + at] for face, at in self.order[place]) for place in self.places)
        self.end = self.places
        self.quarter = data.get("metric", "half-turn") == "quarter-turn"

    def goal(self, state):
        return state == self.end

    _tables = {}

    @classmethod
    def table(cls, face):
        """Of each place and sticker, where it comes from under a clockwise turn."""
        if face not in cls._tables:
            ring = cls.turns[face]
            to = {ring[i]: ring[(i + 1) % 4] for i in range(4)}
            to[face] = face
            moved = {}
            for number, place in enumerate(cls.places):
                if face in place:
                    target = {to[f]: place.index(f) for f in place}
                    for other, name in enumerate(cls.places):
                        if set(name) == set(target):
                            moved[other] = (number, [target[f] for f in name])
            cls._tables[face] = moved
        return cls._tables[face]

    def turn(self, state, face):
        after = list(state)
        for number, (source, stickers) in self.table(face).items():
            after[number] = "".join(state[source][s] for s in stickers)
        return tuple(after)

    def moves(self, state):
        for face in "URF":
            once = self.turn(state, face)
            twice = self.turn(once, face)
            yield (face,), once, 1
            if not self.quarter:
                yield (face + "2",), twice, 1
            yield (face + "3",), self.turn(twice, face), 1

    def distances(self):
        return None

    def dead(self, state):
        return False if sorted("".join(sorted(c)) for c in state) == sorted("".join(sorted(c)) for c in self.places) else None

    def cheapest(self):
        return both_ends(self)
