"""Inspect AI: a task of puzzles.

`inspect eval` takes a file with `task = puzzles("rl-countdown", split="test", count=100)`; `inspect_ai.eval(puzzles(...), model=...)` runs it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from inspect_ai import Task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import TaskState, generate

from ..datasets import Recipe, load
from . import rows


@scorer(metrics=[accuracy(), stderr()])
def solved() -> Scorer:
    """Correct where the reply solves the puzzle of its sample, by any solution."""

    async def score(state: TaskState, target: Target) -> Score:
        found = await asyncio.to_thread(rows.score, state.output.completion, state.metadata)
        value = CORRECT if found.reward == 1.0 else INCORRECT
        return Score(value=value, answer=found.taken, explanation=found.first_error, metadata={"valid": found.valid, "optimal": found.optimal})

    return score


def samples(of: Iterable[Mapping[str, Any]]) -> list[Sample]:
    """Samples of rows. The target is a right answer, where the row has one; the scorer needs none."""
    found: list[Sample] = []
    for row in of:
        asked: list[ChatMessage] = []
        for turn in rows.messages(row):
            kind = ChatMessageSystem if turn["role"] == "system" else ChatMessageUser
            asked.append(kind(content=turn["content"]))
        metadata = {"env": row["env"], "puzzle": row["puzzle"], "read": rows.reading(row), "dialect": row.get("dialect")}
        found.append(Sample(input=asked, target=row.get("answer") or "", id=f"{len(found):06d}-{row['id']}", metadata=metadata))
    return found


def puzzles(
    recipe: Recipe | Iterable[Mapping[str, Any]], config: str | None = None, split: str = "test", **options: Any
) -> Task:
    """A task of puzzles. Keywords are those of `stream_of_search.load`; an iterable of rows, of a folder say, stands in place of a recipe."""
    given = not isinstance(recipe, (str, Mapping)) and isinstance(recipe, Iterable)
    found = recipe if given else load(recipe, config, split, **options)  # type: ignore[arg-type]
    return Task(dataset=MemoryDataset(samples(found)), solver=generate(), scorer=solved())  # type: ignore[arg-type]
