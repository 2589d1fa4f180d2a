"""Environments in Python that the tests of this folder share. They stand in a module, so that other processes can import them."""

from __future__ import annotations

import stream_of_search as sos


class Jugs(sos.Environment):
    name = "py-jugs"
    help = "fill, empty and pour jugs until one of them holds the target"
    words = ("fill", "empty", "pour", "to")
    levels = {"easy": {"largest": 5}, "medium": {"largest": 9}, "hard": {"jugs": 3, "largest": 9}}
    walks_turn_back = True

    sizes: tuple[int, ...]
    target: int

    @classmethod
    def generate(cls, draw: sos.Draw, jugs: int = 2, largest: int = 7) -> Jugs:
        sizes = tuple(draw.between(1, largest) for _ in range(jugs))
        return cls(sizes, draw.between(1, max(sizes)))

    @classmethod
    def check(cls, jugs: int, largest: int) -> None:
        if jugs < 1 or largest < 1:
            raise ValueError("jugs and largest from 1")

    def validate(self) -> None:
        if not self.sizes or min(self.sizes) < 1:
            raise ValueError("sizes: one or more numbers from 1")

    def start(self) -> tuple[int, ...]:
        return (0,) * len(self.sizes)

    def is_goal(self, state: tuple[int, ...]) -> bool:
        return self.target in state

    def moves(self, state):
        jugs = range(len(state))
        yield from (f"fill {a}" for a in jugs if state[a] < self.sizes[a])
        yield from (f"empty {a}" for a in jugs if state[a] > 0)
        yield from (f"pour {a} to {b}" for a in jugs for b in jugs if a != b and state[a] > 0 and state[b] < self.sizes[b])

    def apply(self, state, move):
        verb, *words = move.split()
        a, b, after = int(words[0]), int(words[-1]), list(state)
        if verb == "pour":
            poured = min(state[a], self.sizes[b] - state[b])
            after[a], after[b] = state[a] - poured, state[b] + poured
        else:
            after[a] = self.sizes[a] if verb == "fill" else 0
        return tuple(after)

    def goal_text(self) -> str:
        return str(self.target)

    @sos.heuristic("0 at a goal, 1 elsewhere")
    def unmet(self, state) -> int:
        return 0 if self.is_goal(state) else 1


class Pegs(sos.Environment):
    """Peg solitaire on a line: positions recur, no walk turns back, and states have texts of their own."""

    name = "py-pegs"
    help = "jump with pegs over one another until one is left"
    words = ("o", "_", "over")
    levels = {"easy": {"length": 6}, "medium": {"length": 8}, "hard": {"length": 10}}

    board: str

    @classmethod
    def generate(cls, draw: sos.Draw, length: int = 7) -> Pegs:
        return cls("".join("o" if draw.chance(2, 3) else "_" for _ in range(length)))

    def validate(self) -> None:
        if set(self.board) - set("o_") or not self.board:
            raise ValueError("board: a row of o and _")

    def start(self) -> str:
        return self.board

    def is_goal(self, state: str) -> bool:
        return state.count("o") == 1

    def moves(self, state: str) -> list[tuple[int, int]]:
        places = range(len(state))
        steps = [(a, a + step) for a in places for step in (-2, 2) if 0 <= a + step < len(state)]
        return [(a, b) for a, b in steps if state[a] == "o" == state[(a + b) // 2] and state[b] == "_"]

    def apply(self, state: str, move: tuple[int, int]) -> str:
        a, b = move
        return "".join("_" if place in (a, (a + b) // 2) else "o" if place == b else peg for place, peg in enumerate(state))

    def state_text(self, state: str) -> str:
        return " ".join(state)

    def read_state(self, text: str) -> str | None:
        return text.replace(" ", "") if len(text) == 2 * len(self.board) - 1 else None

    def move_text(self, move: tuple[int, int]) -> str:
        return f"{move[0]} over {sum(move) // 2}"

    @sos.heuristic("pegs that must go")
    def left(self, state: str) -> int:
        return max(state.count("o") - 1, 0)


class Ferry(sos.Environment):
    """A graph with weights, states that are frozensets, and a numbered space: things are carried over one or two at a time."""

    name = "py-ferry"
    help = "carry all things over, one or two at a time; each trip costs the weight of what is carried"
    version = 2
    state_noun = "Bank"
    words = ("carry", "and")
    walks_turn_back = True

    weights: tuple[int, ...]

    @classmethod
    def space(cls, things: int = 3, heaviest: int = 9) -> int:
        return heaviest**things

    @classmethod
    def at(cls, index: int, draw: sos.Draw, things: int = 3, heaviest: int = 9) -> Ferry:
        return cls(tuple(index // heaviest**place % heaviest + 1 for place in range(things)))

    @classmethod
    def generate(cls, draw: sos.Draw, things: int = 3, heaviest: int = 9) -> Ferry:
        return cls.at(draw.below(heaviest**things), draw, things, heaviest)

    @classmethod
    def check(cls, things: int, heaviest: int) -> None:
        if not (0 < things < 6 and 0 < heaviest < 2000):
            raise ValueError("1 to 5 things of 1 to 1999")

    def start(self) -> frozenset[int]:
        return frozenset()

    def is_goal(self, state: frozenset[int]) -> bool:
        return len(state) == len(self.weights)

    def moves(self, state: frozenset[int]):
        here = [thing for thing in range(len(self.weights)) if thing not in state]
        yield from ((a,) for a in here)
        yield from ((a, b) for a in here for b in here if a < b)
        yield from ((a,) for a in sorted(state))

    def apply(self, state: frozenset[int], move: tuple[int, ...]) -> frozenset[int]:
        return state.symmetric_difference(move)

    def cost(self, state: frozenset[int], move: tuple[int, ...]) -> int:
        return max(self.weights[thing] for thing in move)

    @sos.heuristic("weight of the heaviest thing that is left")
    def heaviest(self, state: frozenset[int]) -> int:
        return max((weight for thing, weight in enumerate(self.weights) if thing not in state), default=0)


ALL: list[type[sos.Environment]] = [Jugs, Pegs, Ferry]
