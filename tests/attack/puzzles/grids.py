"""Mazes and Sokoban. Row 0 is at the top: `up` is y - 1."""

from .base import Puzzle, words

STEPS = {"up": (0, -1), "down": (0, 1), "left": (-1, 0), "right": (1, 0)}


class Maze(Puzzle):
    def __init__(self, data):
        self.width, self.height = data["width"], data["height"]
        self.walls = {tuple(cell) for cell in data["walls"]}
        self.start, self.end = tuple(data["start"]), tuple(data["goal"])

    def goal(self, state):
        return state == self.end

    def moves(self, state):
        for name, (dx, dy) in STEPS.items():
            x, y = state[0] + dx, state[1] + dy
            if 0 <= x < self.width and 0 <= y < self.height and (x, y) not in self.walls:
                yield (name,), (x, y), 1

    def state_key(self, text):
        try:
            x, y = (int(n) for n in words(text))
            return x, y
        except ValueError:
            return None

    def invariant(self):
        """The least of the eight pictures that mirrors and turns make."""
        cells = [[(x, y) in self.walls and "#" or (x, y) == self.start and "s" or (x, y) == self.end and "g" or " " for x in range(self.width)] for y in range(self.height)]
        best = None
        for _ in range(4):
            cells = [list(row) for row in zip(*cells[::-1])]
            for picture in (cells, [row[::-1] for row in cells]):
                text = "/".join("".join(row) for row in picture)
                best = text if best is None or text < best else best
        return best


class Sokoban(Puzzle):
    """A state is the worker's cell and the set of boxes."""

    reversible = False
    explorable = 8000

    def __init__(self, data):
        self.width, self.height = data["width"], data["height"]
        self.walls = {tuple(cell) for cell in data["walls"]}
        self.docks = frozenset(tuple(cell) for cell in data["docks"])
        self.start = tuple(data["worker"]), frozenset(tuple(cell) for cell in data["boxes"])

    def goal(self, state):
        return state[1] <= self.docks and len(state[1]) == len(self.start[1])

    def free(self, cell):
        return 0 <= cell[0] < self.width and 0 <= cell[1] < self.height and cell not in self.walls

    def moves(self, state):
        worker, boxes = state
        for name, (dx, dy) in STEPS.items():
            to = worker[0] + dx, worker[1] + dy
            if not self.free(to):
                continue
            move = (name, "worker", str(to[0]), str(to[1]))
            if to in boxes:
                behind = to[0] + dx, to[1] + dy
                if not self.free(behind) or behind in boxes:
                    continue
                yield move + ("box", str(behind[0]), str(behind[1])), (to, boxes - {to} | {behind}), 1
            else:
                yield move, (to, boxes), 1

    def say(self, move, frames):
        if not frames:
            return " ".join(move)
        cells = [f"{move[i]} ({move[i + 1]},{move[i + 2]})" for i in range(1, len(move), 3)]
        return f"{move[0]}: {', '.join(cells)}"

    def move_key(self, text):
        return words(text, "[](),:")

    def state_key(self, text):
        parts = words(text)
        try:
            if len(parts) < 3 or parts[0] != "worker" or any(w != "box" for w in parts[3::3]) or len(parts) % 3:
                return None
            cells = [(int(parts[i + 1]), int(parts[i + 2])) for i in range(0, len(parts), 3)]
        except ValueError:
            return None
        return (cells[0], frozenset(cells[1:])) if len(set(cells[1:])) == len(cells) - 1 else None
