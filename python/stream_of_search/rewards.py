"""Rewards for the trainers of TRL, GRPO and RLOO."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ._core import RequestError
from .scoring import Score, score_many

Completion = str | Sequence[Mapping[str, Any]]
"""A completion: a text, or messages."""


class Reward:
    """A reward function for TRL. `reward` makes it."""

    __name__ = "solved"

    def __init__(
        self,
        read: str | None,
        dialect: str | None,
        shape: Callable[[Score], float | None] | None,
        threads: int | None,
    ) -> None:
        self.read, self.dialect, self.shape, self.threads = read, dialect, shape, threads
        if shape is not None:
            self.__name__ = getattr(shape, "__name__", "shape").strip("<>")

    def __call__(self, prompts: Any = None, completions: Sequence[Completion] = (), **columns: Any) -> list[float | None]:
        """Gives a reward for each completion; None for rows without a puzzle.

        completions: texts, or lists of messages, of which the last one of the assistant counts.
        columns: the columns of the rows, each a list. `env` and `puzzle` are needed; `read` and `dialect` say how a text is read.

        Raises RequestError where a puzzle is wrong, or where no column names puzzles.
        """
        rows = {place: row for place, row in enumerate(_rows(columns, len(completions))) if row is not None}
        texts = [answer_text(completions[place]) for place in rows]
        scores = score_many(texts, list(rows.values()), self.read, self.dialect, self.threads)
        rewards: list[float | None] = [None] * len(completions)
        for place, score in zip(rows, scores.reward if self.shape is None else map(self.shape, scores)):
            rewards[place] = score
        return rewards

    def __repr__(self) -> str:
        return f"<reward {self.__name__}>"


def reward(
    read: str | None = None,
    dialect: str | None = None,
    *,
    shape: Callable[[Score], float | None] | None = None,
    threads: int | None = None,
) -> Reward:
    """A reward function for TRL's GRPOTrainer and RLOOTrainer, for rows of the shape `rl` or of an `rl` config.

    It pays 1.0 for a text that solves the puzzle of its row by one answer, and 0.0 for any other text. Completions are scored in one call
    of `score_many`. It works for plain and for conversational rows, and can be pickled.

    read: "answer", "trace" or "auto", as in `score_many`. By default the column `read` says it; without one, "answer".
    dialect: the dialect of traces. By default the column `dialect` says it; without one, "compact".
    shape: another reward, made of the Score of each text: `shape=lambda score: score.reward - 0.1 * score.penalty`.
    threads: number of threads; by default as many as there are processors.
    """
    return Reward(read, dialect, shape, threads)


def answer_text(completion: Completion | None) -> str:
    """The text of a completion: the completion itself, or the last message of the assistant. A message without text is empty."""
    if completion is None or isinstance(completion, str):
        return completion or ""
    said = [message for message in completion if message.get("role", "assistant") == "assistant"]
    content = said[-1].get("content") if said else None
    if content is None or isinstance(content, str):
        return content or ""
    # Parts of several kinds: those that are text count.
    return "".join(part.get("text") or "" for part in content if part.get("type", "text") == "text")


def _rows(columns: Mapping[str, Any], count: int) -> list[dict[str, Any] | None]:
    """The puzzle of each row; None for a row that has none."""
    if "env" in columns and "puzzle" in columns:
        given = {name: columns[name] for name in ("env", "puzzle", "read", "dialect") if isinstance(columns.get(name), (list, tuple))}
        rows = [dict(zip(given, values)) for values in zip(*given.values())]
        found = [row if row.get("env") and row.get("puzzle") else None for row in rows]
    elif "reward_model" in columns:
        found = [{"reward_model": model} if model and model.get("ground_truth") else None for model in columns["reward_model"]]
    else:
        names = ", ".join(sorted(columns)) or "none"
        raise RequestError(f"columns: `env` and `puzzle` are missing, by which rows name their puzzles; found: {names}")
    if len(found) != count:
        raise RequestError(f"columns: {len(found)} rows for {count} completions")
    return found
