"""Water jugs, number lines, river crossings and word ladders."""

import os
from itertools import combinations

from .base import Puzzle, words


class WaterJugs(Puzzle):
    reversible = False

    def __init__(self, data):
        self.sizes, self.target = data["sizes"], data["target"]
        self.start = tuple(data.get("start", [0] * len(self.sizes)))

    def goal(self, state):
        return self.target in state

    def moves(self, state):
        names = "abcdefgh"
        for i, size in enumerate(self.sizes):
            for name, amount in (("fill", size), ("empty", 0)):
                if state[i] != amount:
                    after = state[:i] + (amount,) + state[i + 1:]
                    yield (name, names[i], "=") + tuple(map(str, after)), after, 1
            for j, other in enumerate(self.sizes):
                poured = min(state[i], other - state[j])
                if i != j and poured > 0:
                    after = list(state)
                    after[i] -= poured
                    after[j] += poured
                    yield ("pour", names[i], names[j], "=") + tuple(map(str, after)), tuple(after), 1

    def say(self, move, frames):
        at = move.index("=")
        return f"{' '.join(move[:at])}=[{', '.join(move[at + 1:])}]" if frames else " ".join(move)

    def state_key(self, text):
        try:
            return tuple(int(n) for n in super().state_key(text))
        except ValueError:
            return None


class NumberLine(Puzzle):
    reversible = False

    def __init__(self, data):
        self.start, self.target, self.limit = data["start"], data["target"], data["limit"]
        self.operations = [(text[0], int(text[1:])) for text in data["operations"]]

    def goal(self, state):
        return state == self.target

    def moves(self, state):
        for sign, n in self.operations:
            if sign == "/":
                if state % n:
                    continue
                after = state // n
            else:
                after = state + n if sign == "+" else state - n if sign == "-" else state * n
            if 0 <= after <= self.limit:
                yield (sign, str(n), "=", str(after)), after, 1

    def say(self, move, frames):
        return ("" if frames else " ").join(move)

    def state_key(self, text):
        try:
            number, = super().state_key(text)
            return int(number)
        except ValueError:
            return None


class RiverCrossing(Puzzle):
    """People: (missionaries, cannibals) on the near bank; items: the set there. And the side of the boat."""

    def __init__(self, data):
        self.people = "missionaries" in data
        self.boat = data["boat"]
        if self.people:
            self.total = data["missionaries"], data["cannibals"]
            self.start, self.end = (self.total, "near"), ((0, 0), "far")
        else:
            self.items = data["items"]
            self.pairs = [frozenset(pair) for pair in data["pairs"]]
            self.start, self.end = (frozenset(self.items), "near"), (frozenset(), "far")
            self.total = frozenset(self.items)

    def goal(self, state):
        return state == self.end

    def safe(self, near, side):
        if self.people:
            far = self.total[0] - near[0], self.total[1] - near[1]
            return all(m == 0 or m >= c for m, c in (near, far))
        alone = near if side == "far" else self.total - near
        return not any(pair <= alone for pair in self.pairs)

    def moves(self, state):
        near, side = state
        to = "far" if side == "near" else "near"
        if self.people:
            here = near if side == "near" else (self.total[0] - near[0], self.total[1] - near[1])
            sign = -1 if side == "near" else 1
            for m in range(here[0] + 1):
                for c in range(here[1] + 1):
                    after = near[0] + sign * m, near[1] + sign * c
                    if 1 <= m + c <= self.boat and self.safe(after, to):
                        yield (str(m), str(c)), (after, to), 1
        else:
            here = near if side == "near" else self.total - near
            load = [item for item in self.items if item in here]
            seats = self.boat  # beside the farmer
            for count in range(seats + 1):
                for taken in combinations(load, count):
                    after = near - set(taken) if side == "near" else near | set(taken)
                    if self.safe(after, to):
                        yield tuple(sorted(taken)), (after, to), 1

    def say(self, move, frames):
        inner = " ".join(move if self.people else [item for item in self.items if item in move])
        return f"({inner})" if frames else f"( {inner} )".replace("  ", " ")

    def move_key(self, text):
        parts = words(text)
        return parts if self.people else tuple(sorted(parts))

    def state_key(self, text):
        parts = words(text)
        if not parts:
            return None
        try:
            if self.people:
                m, c = parts[:-1]
                return (int(m), int(c)), parts[-1]
        except ValueError:
            return None
        return frozenset(parts[:-1]), parts[-1]


class WordLadder(Puzzle):
    """The list of words is part of the rules: it is read as the data that it is."""

    explorable = 4000
    _lists = {}
    file = os.path.join(os.path.dirname(__file__), "../../../envs/src/word_ladder/words.txt")

    def __init__(self, data):
        self.start, self.end = data["start"], data["goal"]
        length = len(self.start)
        if length not in self._lists:
            with open(self.file) as lines:
                found = {w for line in lines if not line.startswith("#") for w in line.split()}
            near = {}
            for word in sorted(w for w in found if len(w) == length):
                for at in range(length):
                    near.setdefault(word[:at] + "_" + word[at + 1:], []).append(word)
            self._lists[length] = near
        self.near = self._lists[length]

    def goal(self, state):
        return state == self.end

    def moves(self, state):
        for at in range(len(state)):
            for word in self.near.get(state[:at] + "_" + state[at + 1:], ()):
                if word != state:
                    yield (word,), word, 1

    def say(self, move, frames):
        return move[0] if frames else " ".join(move[0])

    def move_key(self, text):
        return ("".join(words(text)),)

    def state_key(self, text):
        return "".join(words(text))
