"""Puzzles, traces of searches, and verdicts on texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import _core


@dataclass(frozen=True)
class Puzzle:
    """A puzzle of an environment, as JSON describes it."""

    env: str
    puzzle: Mapping[str, Any]

    def __hash__(self) -> int:
        return hash((self.env, json.dumps(self.puzzle, sort_keys=True)))


@dataclass(frozen=True)
class Error:
    """An error that a check found. Spans count characters."""

    error: str
    step: int
    span: tuple[int, int] | None
    found: Any = None
    expected: Any = None


@dataclass(frozen=True)
class Verdict:
    """What a check says of a text."""

    text: str = field(repr=False)
    solved: bool
    valid: bool
    optimal: bool | None
    reward: float
    errors: tuple[Error, ...]
    json: dict[str, Any] = field(repr=False)

    @property
    def first_error(self) -> Error | None:
        """The first error; None where there is none."""
        return self.errors[0] if self.errors else None


@dataclass(frozen=True)
class Trace:
    """What a search did on a puzzle."""

    prompt: str
    text: str
    outcome: str
    cost: int | None
    metrics: dict[str, int]


def check(puzzle: Puzzle, text: str, **options: Any) -> Verdict:
    """Checks a text against its puzzle."""
    answer = _core.check({"env": puzzle.env, "puzzle": dict(puzzle.puzzle), "text": text, **options})
    return _verdict(text, answer)


def _verdict(text: str, answer: dict[str, Any]) -> Verdict:
    raise NotImplementedError


def trace(puzzle: Puzzle, search: str | Mapping[str, Any] = "dfs", dialect: str = "compact", **options: Any) -> Trace:
    """Runs a search on a puzzle."""
    config = {"kind": search} if isinstance(search, str) else dict(search)
    answer = _core.trace({"env": puzzle.env, "puzzle": dict(puzzle.puzzle), "search": config, "dialect": dialect, **options})
    return Trace(answer["prompt"], answer["text"], answer["outcome"], answer["cost"], answer["metrics"])
