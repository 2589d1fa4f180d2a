"""Prime Intellect's verifiers: a taskset of puzzles of a recipe.

The package in `python/verifiers_taskset` gives it the id `stream_of_search_taskset`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any

import verifiers.v1 as vf

from ..datasets import load
from . import rows

__all__ = ["PuzzleTaskset"]


class PuzzleData(vf.TaskData):
    """A puzzle."""

    env: str
    puzzle: str
    """The puzzle as JSON."""
    read: str = "answer"
    """How a reply is read."""
    dialect: str | None = None


class PuzzleTask(vf.Task[PuzzleData]):
    """A puzzle with its reward: 1.0 where the reply solves it, else 0.0."""

    @property
    def key(self) -> str:
        """The id of the puzzle and how it is asked."""
        return f"{self.data.id}-{self.hash[:8]}"

    def _row(self) -> dict[str, Any]:
        return {"env": self.data.env, "puzzle": self.data.puzzle, "read": self.data.read, "dialect": self.data.dialect}

    @vf.reward(weight=1.0)
    async def solved(self, trace: vf.Trace) -> float:
        """1.0 where the last reply solves the puzzle, else 0.0."""
        score = await asyncio.to_thread(rows.score, trace.last_reply, self._row())
        return score.reward

    @vf.metric
    async def valid(self, trace: vf.Trace) -> float:
        """1.0 where the reply has no error, else 0.0."""
        score = await asyncio.to_thread(rows.score, trace.last_reply, self._row())
        return float(score.valid)

    async def validate(self, runtime: vf.Runtime) -> bool | None:
        """Whether a right reply is paid; None where no solution is known."""
        reply = await asyncio.to_thread(rows.right_reply, self._row())
        return None if reply is None else rows.score(reply, self._row()).reward == 1.0


class PuzzleConfig(vf.TasksetConfig):
    """Which puzzles: those of a recipe, as for `stream_of_search.load`."""

    recipe: str = "rl-countdown"
    config: str | None = None
    split: str = "train"
    seed: int | None = None
    count: int | None = None
    infinite: bool = False
    """Whether to go on past `count` for as long as the recipe has puzzles, and then from the start."""


class PuzzleTaskset(vf.Taskset[PuzzleTask, PuzzleConfig]):
    """Puzzles of a recipe."""

    def __init__(self, config: PuzzleConfig) -> None:
        super().__init__(config)
        self.INFINITE = config.infinite

    def load(self) -> Iterator[PuzzleTask]:
        """The tasks, in the order of the rows."""
        config = self.config
        dataset = load(config.recipe, config.config, config.split, seed=config.seed, count=config.count)
        if config.infinite:
            dataset = load(config.recipe, config.config, config.split, seed=config.seed, count=min(dataset.capacity, 2**62))
        for index in itertools.cycle(range(len(dataset))) if config.infinite else range(len(dataset)):
            yield self._task(dataset[index])

    def _task(self, row: dict[str, Any]) -> PuzzleTask:
        asked = rows.messages(row)
        system = asked[0]["content"] if asked[0]["role"] == "system" else None
        said = [turn["content"] for turn in asked if turn["role"] != "system"]
        data = PuzzleData(
            id=row["id"],
            name=row["env"],
            prompt="\n\n".join(said),
            system_prompt=system,
            env=row["env"],
            puzzle=row["puzzle"],
            read=rows.reading(row),
            dialect=row.get("dialect"),
        )
        return PuzzleTask(data, self.config.task)
