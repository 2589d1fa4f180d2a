"""Countdown: combine two numbers by an operation until the target is left."""

import re
from fractions import Fraction

from .base import Puzzle


class Countdown(Puzzle):
    reversible = False
    explorable = 3000

    def __init__(self, data):
        self.target = data["target"]
        self.start = tuple(sorted(data["numbers"]))
        self.signs = data.get("operations", "+-*/")
        self.any = data.get("rule", "all") == "any"
        self.fractions = data.get("fractions", False)
        if self.fractions:
            self.start = tuple(sorted(map(Fraction, data["numbers"])))

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
                        if b == 0 or (a % b and not self.fractions):
                            continue
                        result = a / b if self.fractions else a // b
                    if self.fractions and max(result.numerator, result.denominator) >= 1 << 31:
                        continue
                    out[(self.operand(a), sign, self.operand(b), "=", str(result))] = tuple(sorted(rest + [result]))
        return [(move, after, 1) for move, after in out.items()]

    @staticmethod
    def operand(number):
        """A fraction has parentheses as part of a move."""
        return f"({number})" if "/" in str(number) else str(number)

    def say(self, move, frames):
        if frames:
            return "".join(move)
        return re.sub(r"([(/])(?! )|(?<! )([/)])", r" \1\2 ", " ".join(move)).replace("  ", " ").strip()

    def move_key(self, text):
        """Signs and numbers; a fraction is one word, with its parentheses where it is an operand."""
        if not self.fractions:
            return super().move_key(text)
        text = re.sub(r"\s+", "", text.replace("^", ""))
        return tuple(re.findall(r"\(\d+/\d+\)|(?<==)\d+/\d+|\d+|[^\d\s]", text))

    def state_key(self, text):
        if self.fractions:
            found = re.findall(r"\d+\s*/\s*\d+|\d+", text)
            values = [Fraction(re.sub(r"\s", "", number)) for number in found if not re.search(r"/\s*0+$", number)]
            # A fraction is written in lowest terms, or it is none.
            if len(values) < len(found) or any(str(v) != re.sub(r"\s", "", n) for v, n in zip(values, found)):
                return None
            return tuple(sorted(values))
        try:
            return tuple(sorted(int(n) for n in super().state_key(text)))
        except ValueError:
            return None
