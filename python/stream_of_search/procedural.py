"""Questions, answers and scores in the shape of reasoning-gym."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from . import _core
from ._core import Puzzle, RequestError
from .batches import whole
from .checking import check
from .datasets import Dataset, place

Entry = dict[str, Any]

def environments() -> list[str]:
    """Names of the environments of the program. Those that are written in Python are not among them."""
    return _core.environments()


def create_dataset(name: str, size: int = 500, seed: int | None = None, **settings: Any) -> ProceduralDataset:
    """Questions of an environment, made when they are asked for.

    name: an environment (`environments()`).
    size: number of questions.
    seed: every draw follows from it; None draws one, which the dataset's `seed` tells. Two seeds share no more questions than chance has them
        share, however near they are.
    settings: settings of the environment, such as `level="hard"`; `sos list ENVIRONMENT` names them.

    Raises RecipeError where there is no such environment or setting, or where the settings have fewer puzzles than `size`.
    """
    return ProceduralDataset(name, size, seed, settings)


def score_answer(answer: str | None, entry: Mapping[str, Any]) -> float:
    """The reward of an answer: 1.0 where the final answer in the text is right, else 0.0.

    answer: what a model wrote, whole or the answer alone. Any right answer counts, not just that of the entry.
    entry: an item of a dataset.

    Raises RequestError where the entry is not one.
    """
    metadata = entry.get("metadata") if isinstance(entry, Mapping) else None
    if not isinstance(metadata, Mapping) or not {"source_dataset", "puzzle"} <= set(metadata):
        raise RequestError("entry: found no metadata with source_dataset and puzzle; an item of create_dataset(…) has them")
    if not isinstance(answer, str):
        return 0.0
    return check(Puzzle(metadata["source_dataset"], metadata["puzzle"]), answer, read="answer").reward


class ProceduralDataset(Sequence[Entry]):
    """What `create_dataset` makes: items `{"question", "answer", "metadata"}` by index."""

    def __init__(self, name: str, size: int, seed: int | None, settings: Mapping[str, Any]) -> None:
        self.name = name
        self.size = whole("size", size)
        self.seed = secrets.randbits(32) if seed is None else whole("seed", seed, 0, 2**63 - 1)
        self.settings = dict(settings)
        self._rows = Dataset(self._recipe())

    def _recipe(self) -> dict[str, Any]:
        return {
            "name": str(self.name),
            "seed": self.seed,
            # The dialect of the answers.
            "dialect": "prose",
            "prompt": "instruct",
            "answer": True,
            "environment": {"name": self.name} | self.settings,
            # A question shows no search, so the cheapest will do.
            "searches": [{"kind": "dfs", "max_expansions": 1}],
            "splits": {"train": {"rows": self.size}},
            "records": [{"kind": "rl"}],
        }

    def __reduce__(self) -> tuple[Any, ...]:
        return ProceduralDataset, (self.name, self.size, self.seed, self.settings)

    def __repr__(self) -> str:
        return f"<ProceduralDataset {self.name}, seed {self.seed}, {self.size} questions>"

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> list[Entry]: ...
    def __getitem__(self, index: int | slice) -> Entry | list[Entry]:
        if isinstance(index, slice):
            return [self._entry(row) for row in self._rows[index]]
        return self._entry(self._rows[place(index, self.size)])

    def __iter__(self) -> Iterator[Entry]:
        return map(self._entry, self._rows)

    def _entry(self, row: dict[str, Any]) -> Entry:
        facts = {name: row[name] for name in ("id", "solvable", "optimal_cost", "solutions")}
        return {
            "question": row["prompt"][-1]["content"],
            "answer": _bare(row["answer"]) or None,
            "metadata": {
                "source_dataset": row["env"],
                "source_index": row["index"],
                "puzzle": json.loads(row["puzzle"]),
                **facts,
                "difficulty": {"work": row["difficulty"], **self.settings},
            },
        }

    def score_answer(self, answer: str | None, entry: Mapping[str, Any]) -> float:
        """The reward of an answer to an item: 1.0 or 0.0."""
        return score_answer(answer, entry)


def _bare(answer: str) -> str:
    return answer.removeprefix("Answer: ")
