"""Rows in the shapes that trainers take. Each shape has exactly the columns of its trainer, because trainers take every column that they know."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _core
from ._core import RequestError

if TYPE_CHECKING:
    import datasets
    import pyarrow

    from .datasets import Dataset
    from .torch_data import IterableRows

Row = dict[str, Any]
Message = dict[str, str]

# A type of a column: that of a value, of a list ([type]), or of a record ({name: type}).
TEXT, FLAG, WHOLE = "string", "bool", "int64"
MESSAGES = [{"role": TEXT, "content": TEXT}]


@dataclass(frozen=True)
class Form:
    """How a shape is made of the rows of some record configs."""

    columns: dict[str, Any]
    """Columns of the shape, with their types."""
    needs: tuple[str, ...]
    """Columns that it reads."""
    make: Callable[[Row], Row]


def _picked(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


def _lm(row: Row) -> Row:
    return {"text": row["prompt"] + row["completion"]}


def _sft(row: Row) -> Row:
    return _picked(row, "prompt", "completion")


def _sft_of_messages(row: Row) -> Row:
    *before, last = row["messages"]
    return {"prompt": before, "completion": [last]}


def _messages(row: Row) -> Row:
    return {"messages": row["messages"]}


def _messages_of_texts(row: Row) -> Row:
    turns = [{"role": "user", "content": row["prompt"]}, {"role": "assistant", "content": row["completion"]}]
    return {"messages": turns}


def _preference(row: Row) -> Row:
    return _picked(row, "prompt", "chosen", "rejected")


def _unpaired(row: Row) -> Row:
    return _picked(row, "prompt", "completion", "label")


def _stepwise(row: Row) -> Row:
    return _picked(row, "prompt", "completions", "labels")


_RL = ("id", "env", "puzzle", "read", "difficulty", "optimal_cost", "solutions")


def _rl(row: Row) -> Row:
    return _picked(row, "prompt", *_RL)


def _verl(row: Row) -> Row:
    return {
        "data_source": row["data_source"],
        "prompt": row["prompt"],
        "ability": "search",
        "reward_model": row["reward_model"],
        "extra_info": _picked(row, "split", "index", "id", "difficulty"),
    }


def _nemo_gym(row: Row) -> Row:
    return {
        "responses_create_params": {"input": row["prompt"]},
        "question": row["prompt"][-1]["content"],
        "answer": row["answer"],
        "metadata": _picked(row, "id", "env", "puzzle", "read", "split", "index", "difficulty"),
    }


_FACTS = {"id": TEXT, "env": TEXT, "puzzle": TEXT, "read": TEXT, "difficulty": WHOLE, "optimal_cost": WHOLE, "solutions": WHOLE}
_PAIR = ("prompt", "completion")

# What a record config has, by its columns: the first line that fits.
_SOURCES = (
    ("rl", {"reward_model"}),
    ("preference", {"chosen", "rejected"}),
    ("stepwise", {"completions", "labels"}),
    ("group", {"completions"}),
    ("messages", {"messages"}),
    ("unpaired", {"completion", "label"}),
    ("prompt and completion", {"completion"}),
)

_SFT_COLUMNS = {"prompt": TEXT, "completion": TEXT}
_VERL_COLUMNS = {
    "data_source": TEXT,
    "prompt": MESSAGES,
    "ability": TEXT,
    "reward_model": {"style": TEXT, "ground_truth": TEXT},
    "extra_info": {"split": TEXT, "index": WHOLE, "id": TEXT, "difficulty": WHOLE},
}
_NEMO_COLUMNS = {
    "responses_create_params": {"input": MESSAGES},
    "question": TEXT,
    "answer": TEXT,
    "metadata": {"id": TEXT, "env": TEXT, "puzzle": TEXT, "read": TEXT, "split": TEXT, "index": WHOLE, "difficulty": WHOLE},
}

# Of each shape the record configs that have it, and how.
SHAPES: dict[str, dict[str, Form]] = {
    "lm": {"prompt and completion": Form({"text": TEXT}, _PAIR, _lm)},
    "sft": {
        "prompt and completion": Form(_SFT_COLUMNS, _PAIR, _sft),
        "messages": Form({"prompt": MESSAGES, "completion": MESSAGES}, ("messages",), _sft_of_messages),
    },
    "messages": {
        "messages": Form({"messages": MESSAGES}, ("messages",), _messages),
        "prompt and completion": Form({"messages": MESSAGES}, _PAIR, _messages_of_texts),
    },
    "preference": {
        "preference": Form({"prompt": TEXT, "chosen": TEXT, "rejected": TEXT}, ("prompt", "chosen", "rejected"), _preference)
    },
    "unpaired": {"unpaired": Form(_SFT_COLUMNS | {"label": FLAG}, (*_PAIR, "label"), _unpaired)},
    "stepwise": {
        "stepwise": Form({"prompt": TEXT, "completions": [TEXT], "labels": [FLAG]}, ("prompt", "completions", "labels"), _stepwise)
    },
    "rl": {"rl": Form({"prompt": MESSAGES} | _FACTS, ("prompt", *_RL), _rl)},
    "verl": {
        "rl": Form(
            _VERL_COLUMNS, ("data_source", "prompt", "reward_model", "split", "index", "id", "difficulty"), _verl
        )
    },
    "nemo-gym": {
        "rl": Form(
            _NEMO_COLUMNS, ("prompt", "answer", "id", "env", "puzzle", "read", "split", "index", "difficulty"), _nemo_gym
        )
    },
}


def form_of(shape: str, columns: Sequence[str], config: str) -> Form:
    """How rows with these columns get a shape. Raises RequestError where they cannot."""
    forms = SHAPES.get(shape) if isinstance(shape, str) else None
    if forms is None:
        raise RequestError(f"shape: found {shape!r}; the shapes are: {', '.join(SHAPES)}")
    source = next((name for name, needed in _SOURCES if needed <= set(columns)), "other")
    if source not in forms:
        fitting = [name for name, of in SHAPES.items() if source in of]
        has = f"it has the shapes {', '.join(fitting)}" if fitting else "it has none of the shapes"
        kinds = " or ".join(_KINDS[source] for source in forms)
        raise RequestError(f"shape: the record config {config} has no shape {shape}; {has}. The shape {shape} is that of {kinds}")
    return forms[source]


_KINDS = {
    "rl": "configs of the kind rl",
    "preference": "configs of the kind preference",
    "stepwise": "configs of the kind stepwise",
    "messages": "configs of the kinds messages and correction",
    "unpaired": "configs of the kind unpaired",
    "prompt and completion": "configs with a prompt and one completion (search, optimal, corrupted, critique and others)",
}


class Shaped(Sequence[Row]):
    """The rows of a dataset in the shape of a trainer; `Dataset.shaped` makes it. A row is made when it is asked for.

    PyTorch, Arrow and `to_hf` take it as they take the dataset.
    """

    def __init__(self, dataset: Dataset, shape: str) -> None:
        self.dataset = dataset
        self.shape = shape
        self._form = form_of(shape, list(dataset.columns), dataset.config)

    def __reduce__(self) -> tuple[Any, ...]:
        return Shaped, (self.dataset, self.shape)

    def __repr__(self) -> str:
        return f"<{self.shape} rows of {self.dataset!r}>"

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self._form.columns)

    def __len__(self) -> int:
        return len(self.dataset)

    def rows_of(self, batch: _core.Batch) -> list[Row]:
        """The rows of a batch of the dataset, in the shape."""
        return [self._form.make(row) for row in batch.to_pylist(list(self._form.needs))]

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        from .datasets import place

        if isinstance(index, slice):
            return self.__getitems__(range(*index.indices(len(self))))
        return self.__getitems__([place(index, len(self))])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[Row]:
        """Rows by their indices. PyTorch's DataLoader calls this for a batch."""
        return self.rows_of(self.dataset.take(indices))

    def __iter__(self) -> Iterator[Row]:
        for batch in self.dataset.batches(64):
            yield from self.rows_of(batch)

    def iterable(self, **options: Any) -> IterableRows:
        """The rows as an IterableDataset of PyTorch. `torch_data.iterable` says what the options are."""
        from .torch_data import iterable

        return iterable(self, **options)

    def __arrow_c_schema__(self) -> Any:
        return self._schema().__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """An Arrow stream of the rows, for polars, pandas, duckdb and others. It needs `pyarrow`."""
        import pyarrow

        schema = self._schema()
        batches = (pyarrow.RecordBatch.from_pylist(self.rows_of(batch), schema) for batch in self.dataset.batches(512))
        return pyarrow.RecordBatchReader.from_batches(schema, batches).__arrow_c_stream__(requested_schema)

    def _schema(self) -> pyarrow.Schema:
        import pyarrow

        return pyarrow.schema([(name, _arrow(kind)) for name, kind in self._form.columns.items()])

    @overload
    def to_hf(self, streaming: Literal[False] = False) -> datasets.Dataset: ...
    @overload
    def to_hf(self, streaming: Literal[True]) -> datasets.IterableDataset: ...
    def to_hf(self, streaming: bool = False) -> datasets.Dataset | datasets.IterableDataset:
        """The rows as a Dataset of Hugging Face, in memory; or as an IterableDataset, which makes them when they are asked for.

        It needs `datasets` and `pyarrow`.
        """
        from .batches import fingerprint

        return to_hf(self, self.dataset.split, fingerprint(self.dataset) + format(len(self), "x") + self.shape, streaming)

    def to_jsonl(self, path: str | os.PathLike[str]) -> None:
        """Writes the rows to a file of JSON Lines."""
        with open(path, "w", encoding="utf-8") as file:
            for row in self:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _arrow(kind: Any) -> pyarrow.DataType:
    import pyarrow

    if isinstance(kind, list):
        return pyarrow.list_(_arrow(kind[0]))
    if isinstance(kind, dict):
        return pyarrow.struct([(name, _arrow(item)) for name, item in kind.items()])
    return {TEXT: pyarrow.string(), FLAG: pyarrow.bool_(), WHOLE: pyarrow.int64()}[kind]


# Rows of a shard of a streamed dataset.
_SHARD = 1024


def to_hf(rows: Any, split: str, fingerprint: str, streaming: bool) -> datasets.Dataset | datasets.IterableDataset:
    """Rows that have an Arrow stream, as a Dataset or IterableDataset of Hugging Face. Equal rows of a Dataset have equal fingerprints."""
    import datasets
    import pyarrow

    named = datasets.NamedSplit(split)
    if not streaming:
        return datasets.Dataset(pyarrow.table(rows), split=named, fingerprint=fingerprint)
    shards = [(start, min(start + _SHARD, len(rows))) for start in range(0, len(rows), _SHARD)]
    features = datasets.Features.from_arrow_schema(pyarrow.schema(rows))
    parts = {"rows": rows, "shards": shards or [(0, 0)]}
    return datasets.IterableDataset.from_generator(_of_shards, features=features, gen_kwargs=parts, split=named)


def _of_shards(rows: Sequence[Row], shards: list[tuple[int, int]]) -> Iterator[Row]:
    for start, stop in shards:
        for first in range(start, stop, 64):
            yield from rows[first : min(first + 64, stop)]
