"""How fast an environment in Python is: states that are proven, beside a loop in Python over the same class, and rows beside the same rules in Rust.

    python benches/environments.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import stream_of_search as sos

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from own_environments import Jugs  # noqa: E402


class Grid(sos.Environment):
    name = "bench-grid"
    help = "walk to the far corner"
    words = ("up", "down", "left", "right")
    most_states = 200_000

    size: int

    @classmethod
    def generate(cls, draw: sos.Draw, size: int = 100) -> Grid:
        return cls(size)

    def start(self) -> tuple[int, int]:
        return (0, 0)

    def is_goal(self, state: tuple[int, int]) -> bool:
        return state == (self.size - 1, self.size - 1)

    def moves(self, state: tuple[int, int]) -> list[str]:
        (x, y), last = state, self.size - 1
        return [move for move, legal in (("left", x > 0), ("right", x < last), ("up", y > 0), ("down", y < last)) if legal]

    def apply(self, state: tuple[int, int], move: str) -> tuple[int, int]:
        x, y = state
        return {"left": (x - 1, y), "right": (x + 1, y), "up": (x, y - 1), "down": (x, y + 1)}[move]


def states(size: int) -> tuple[float, float]:
    """States a second: proven by the package, and visited by a loop."""
    began = time.perf_counter()
    sos.prove(sos.Puzzle("bench-grid", {"size": size}))
    proven = time.perf_counter() - began
    grid = Grid(size)
    began = time.perf_counter()
    seen = [grid.start()]
    known = set(seen)
    for state in seen:
        for move in grid.moves(state):
            after = grid.apply(state, move)
            if after not in known:
                known.add(after)
                seen.append(after)
    return size**2 / proven, size**2 / (time.perf_counter() - began)


def rows(env: str, **settings: int) -> float:
    """Rows a second on one thread."""
    recipe = {
        "name": "bench",
        "dialect": "compact",
        "environment": {"name": env, **settings},
        "searches": [{"kind": "bfs"}],
        "splits": {"train": {"rows": 400, "share": 80}},
        "records": [{"kind": "search"}],
    }
    data = sos.load(recipe)
    began = time.perf_counter()
    made = sum(len(batch) for batch in data.batches(50, threads=1))
    return made / (time.perf_counter() - began)


if __name__ == "__main__":
    proven, looped = states(200)
    print(f"a grid of 40,000 states: {proven:,.0f} states a second are proven, {looped:,.0f} visited by a loop in Python")
    print(f"rows a second: {rows(Jugs.name, largest=9):,.0f} of {Jugs.name}, {rows('water-jugs'):,.0f} of water-jugs")
