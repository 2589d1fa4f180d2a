"""What all adapters share: what a row asks of a model, and the score of what the model says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .. import _core
from .._core import Puzzle
from ..play import Position
from ..scoring import Score, score_many

Message = dict[str, str]


def messages(row: Mapping[str, Any]) -> list[Message]:
    """What a model is asked, as messages: the prompt of a row that has messages or asks for a trace, else the puzzle in words."""
    prompt = row.get("prompt")
    if isinstance(prompt, str) and reading(row) == "trace":
        return [{"role": "user", "content": prompt}]
    if isinstance(prompt, Sequence) and not isinstance(prompt, str) and prompt:
        return [{"role": turn["role"], "content": turn["content"]} for turn in prompt]
    puzzle = Puzzle.from_row(row)
    return [{"role": "user", "content": _core.puzzle_texts(puzzle.env, puzzle.json)["prompt"]}]


def reading(row: Mapping[str, Any]) -> str:
    """How a reply is read: the row's `read`; without one, "answer"."""
    return row.get("read") or "answer"


def score(reply: str, row: Mapping[str, Any]) -> Score:
    """The score of a reply to `messages(row)`. Any string is allowed."""
    return score_many([reply], [Puzzle.from_row(row)], read=reading(row), dialect=row.get("dialect"), threads=1)[0]


def right_reply(row: Mapping[str, Any]) -> str | None:
    """A reply that is right; None where none is known."""
    start = Position(Puzzle.from_row(row))
    if start.reachable is False:
        return "<answer>no solution</answer>"
    goal = start.solution()
    return None if goal is None else f"<answer>{goal.answer()}</answer>"
