"""Countdown: combine two numbers by an operation until the target is left."""

from .base import Puzzle


class Countdown(Puzzle):
    reversible = False
    explorable = 3000

    def __init__(self, data):
        self.target = data["target"]
        self.start = tuple(sorted(data["numbers"]))
        self.signs = data.get("operations", "+-*/")
        self.any = data.get("rule", "all") == "any"

    def goal(self, state):
        return self.target in state if self.any else state == (self.target,)

    def moves(self, state):
        out = {}
        for i in range(len(state)):
            for j in range(len(state)):
                if i == j:
                    continue
                a, b = state[i], state[j]
                rest = [n for k, n in enumerate(state) if k not in (i, j)]
                for sign in self.signs:
                    if sign == "+":
                        result = a + b
                    elif sign == "*":
                        result = a * b
                    elif sign == "-":
                        if a < b:
                            continue
                        result = a - b
                    else:
                        if b == 0 or a % b:
                            continue
                        result = a // b
                    out[(str(a), sign, str(b), "=", str(result))] = tuple(sorted(rest + [result]))
        return [(move, after, 1) for move, after in out.items()]

    def say(self, move, frames):
        return ("" if frames else " ").join(move)

    def state_key(self, text):
        try:
            return tuple(sorted(int(n) for n in super().state_key(text)))
        except ValueError:
            return None
