"""Puzzles of things in order: sliding tiles, towers of Hanoi, blocks, pancakes."""

from .base import Puzzle, words


class SlidingTiles(Puzzle):
    explorable = 3000

    def __init__(self, data):
        self.rows, self.columns = data["rows"], data["columns"]
        self.start = tuple(data["tiles"])
        count = self.rows * self.columns
        self.end = tuple(data.get("goal") or list(range(1, count)) + [0])

    def goal(self, state):
        return state == self.end

    def moves(self, state):
        hole = state.index(0)
        row, column = divmod(hole, self.columns)
        for dr, dc in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            r, c = row + dr, column + dc
            if 0 <= r < self.rows and 0 <= c < self.columns:
                at = r * self.columns + c
                after = list(state)
                after[hole], after[at] = after[at], 0
                yield ("slide", str(state[at])), tuple(after), 1

    def state_key(self, text):
        try:
            return tuple(int(n) for n in super().state_key(text))
        except ValueError:
            return None

    def dead(self, state):
        """A position leads to the goal exactly where its permutation and the way of the hole have the same parity."""
        tiles = [self.end.index(tile) if tile in self.end else tile for tile in state]
        odd = sum(a > b for i, a in enumerate(tiles) for b in tiles[i + 1:]) % 2
        row, column = divmod(state.index(0), self.columns)
        to_row, to_column = divmod(self.end.index(0), self.columns)
        way = abs(to_row - row) + abs(to_column - column)
        return odd != way % 2

    def cheapest(self):
        return both_ends(self) if not self.dead(self.start) else (True, None)


def both_ends(puzzle, limit=60000):
    """The cost of a shortest solution of a puzzle whose moves can be taken back and cost 1, by breadth from both ends."""
    if puzzle.start == puzzle.end:
        return True, 0
    sides = [{puzzle.start}, {puzzle.end}]
    seen = [{puzzle.start}, {puzzle.end}]
    steps = 0
    while sides[0] and sides[1]:
        small = 0 if len(sides[0]) <= len(sides[1]) else 1
        steps += 1
        nearer = set()
        for state in sides[small]:
            for _, after, _ in puzzle.moves(state):
                if after in seen[1 - small]:
                    return True, steps
                if after not in seen[small]:
                    seen[small].add(after)
                    nearer.add(after)
        sides[small] = nearer
        if len(seen[0]) + len(seen[1]) > limit:
            return False, None
    return True, None


class Hanoi(Puzzle):
    def __init__(self, data):
        self.start = tuple(tuple(peg) for peg in data["start"])
        self.end = tuple(tuple(peg) for peg in data["goal"])

    def goal(self, state):
        return state == self.end

    def moves(self, state):
        for a, peg in enumerate(state):
            for b, other in enumerate(state):
                if a != b and peg and (not other or other[-1] > peg[-1]):
                    after = list(state)
                    after[a], after[b] = peg[:-1], other + peg[-1:]
                    yield (str(peg[-1]), "ABCDE"[a], ">", "ABCDE"[b]), tuple(after), 1

    def say(self, move, frames):
        return f"{move[0]} {move[1]}->{move[3]}" if frames else f"{move[0]} {move[1]} -> {move[3]}"

    def move_key(self, text):
        return words(text.replace("->", ">"))

    def state_key(self, text):
        """`[ 4 2 | 1 | ]` or `[A 4 2, B 1, C]`."""
        inner = text.replace("[", " ").replace("]", " ")
        pegs = inner.split("|") if "|" in inner else inner.split(",")
        try:
            out = []
            for number, peg in enumerate(pegs):
                parts = peg.split()
                if "|" not in inner:
                    if parts[:1] != ["ABCDE"[number]]:
                        return None
                    parts = parts[1:]
                out.append(tuple(int(disk) for disk in parts))
            return tuple(out)
        except (ValueError, IndexError):
            return None


class Blocks(Puzzle):
    """A state is the set of towers, each from the table up."""

    def __init__(self, data):
        self.start = tuple(sorted(map(tuple, data["start"])))
        self.end = tuple(sorted(map(tuple, data["goal"])))
        self.partial = data.get("partial", False)

    def goal(self, state):
        if not self.partial:
            return state == self.end
        below = {block: under for tower in state for block, under in zip(tower, ("_table",) + tower)}
        for tower in self.end:
            anywhere = tower[0] == "_"
            for block, under in zip(tower[anywhere:], (None if anywhere else "_table",) + tower[anywhere:]):
                if under is not None and below[block] != under:
                    return False
        return True

    def moves(self, state):
        for tower in state:
            block = tower[-1]
            rest = [t for t in state if t != tower] + ([tower[:-1]] if len(tower) > 1 else [])
            for other in state:
                if other != tower:
                    after = [t for t in rest if t != other] + [other + (block,)]
                    yield (block, "on", other[-1]), tuple(sorted(after)), 1
            if len(tower) > 1:
                yield (block, "on", "table"), tuple(sorted(rest + [(block,)])), 1

    def state_key(self, text):
        """`[ A B ] [ C ]` or `[A B, C]`."""
        if text.strip().count("[") > 1 or "," not in text and text.count("[") == 1 and text.strip().startswith("[ "):
            towers = text.replace("[", " ").split("]")[:-1]
        else:
            towers = text.replace("[", " ").replace("]", " ").split(",")
        return tuple(sorted(tuple(tower.split()) for tower in towers))

    def invariant(self):
        """Names of blocks are their places in the goal's towers, towers by their start's shape: a hash that renaming keeps."""
        if self.partial:
            return None
        def shape(towers):
            place = {}
            for tower in towers:
                for height, block in enumerate(tower):
                    place[block] = (height, len(tower))
            return place
        start, end = shape(self.start), shape(self.end)
        below = {}
        for which, towers in enumerate((self.start, self.end)):
            for tower in towers:
                for low, high in zip(tower, tower[1:]):
                    below.setdefault(high, {})[which] = low
        colour = {b: repr((start[b], end[b])) for b in start}
        for _ in range(4):
            colour = {b: repr((colour[b], [colour.get(below.get(b, {}).get(w)) for w in (0, 1)])) for b in colour}
            names = {c: i for i, c in enumerate(sorted(set(colour.values())))}
            if len(names) == len(colour):
                break
        return repr(sorted(colour.values()))


class Pancake(Puzzle):
    def __init__(self, data):
        self.start = tuple(data["stack"])
        self.end = tuple(sorted(self.start))

    def goal(self, state):
        return state == self.end

    def moves(self, state):
        for count in range(2, len(state) + 1):
            yield ("flip", str(count)), state[:count][::-1] + state[count:], 1

    def state_key(self, text):
        try:
            return tuple(int(n) for n in super().state_key(text))
        except ValueError:
            return None
