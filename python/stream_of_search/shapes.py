"""Rows in the shapes that trainers take. Each shape has exactly the columns of its trainer, because trainers take every column that they know."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _core
from .forms import FLAG, NUMBER, TEXT, WHOLE, Row, form_of

if TYPE_CHECKING:
    import datasets
    import pyarrow

    from .datasets import Dataset
    from .torch_data import IterableRows


class Shaped(Sequence[Row]):
    """The rows of a dataset in the shape of a trainer; `Dataset.shaped` makes it. A row is made when it is asked for.

    PyTorch, Arrow and `to_hf` take it as they take the dataset. In the shape `rollouts` a row of the dataset becomes several rows.
    """

    def __init__(self, dataset: Dataset, shape: str) -> None:
        self.dataset = dataset
        self.shape = shape
        self._form = form_of(shape, dataset._core.kinds, dataset._core.instruct, dataset.config)

    def __reduce__(self) -> tuple[Any, ...]:
        return Shaped, (self.dataset, self.shape)

    def __repr__(self) -> str:
        return f"<{self.shape} rows of {self.dataset!r}>"

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self._form.columns)

    @property
    def each(self) -> int:
        """How many rows a row of the dataset becomes."""
        return self._form.each

    def __len__(self) -> int:
        return len(self.dataset) * self.each

    def rows_of(self, batch: _core.Batch) -> list[Row]:
        """The rows of a batch of the dataset, in the shape."""
        return [made for row in batch.to_pylist(list(self._form.needs)) for made in self._form.make(row)]

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
        if self.each == 1:
            return self.rows_of(self.dataset.take(indices))
        places = {row: place for place, row in enumerate(dict.fromkeys(index // self.each for index in indices))}
        rows = self.rows_of(self.dataset.take(list(places)))
        return [rows[places[index // self.each] * self.each + index % self.each] for index in indices]

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
    return {TEXT: pyarrow.string(), FLAG: pyarrow.bool_(), WHOLE: pyarrow.int64(), NUMBER: pyarrow.float64()}[kind]


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
