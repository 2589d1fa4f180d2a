"""Rows of recipes: in memory by index, in batches, as an Arrow stream; and datasets in folders."""

from __future__ import annotations

import operator
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from . import _core
from ._core import RecipeError
from .batches import Batches, Order, Stream, fingerprint, whole
from .environment import named_in
from .shapes import Shaped

if TYPE_CHECKING:
    import datasets

    from .token_parts import Mask, Text
    from .tokens import Tokenizer, TokenRows
    from .torch_data import IterableRows

Recipe = str | os.PathLike[str] | Mapping[str, Any]
Row = dict[str, Any]


def recipes() -> list[str]:
    """Names of the ready recipes."""
    return _core.ready_recipes()


def _recipe(recipe: Recipe) -> Any:
    return _plain("", recipe) if isinstance(recipe, Mapping) else os.fspath(recipe)


def _plain(field: str, value: Any, depth: int = 0) -> Any:
    """A copy of a value of a recipe, of the types that TOML has. Raises RecipeError where it has another."""
    if isinstance(value, Mapping) and depth < 32:
        if all(isinstance(name, str) for name in value):
            return {name: _plain(f"{field}.{name}".lstrip("."), item, depth + 1) for name, item in value.items()}
    elif isinstance(value, (list, tuple)) and depth < 32:
        return [_plain(f"{field} {number}", item, depth + 1) for number, item in enumerate(value, 1)]
    elif isinstance(value, (str, bool, float)):
        return value
    elif isinstance(value, os.PathLike):
        return os.fspath(value)
    elif hasattr(value, "__index__") and abs(operator.index(value)) < 2**63:
        return operator.index(value)
    found = f"found {value!r}"[:200]
    raise RecipeError(f"recipe: {field}: {found}; allowed are text, numbers, true or false, lists, and dicts with text as keys")


def load(
    recipe: Recipe,
    config: str | None = None,
    split: str = "train",
    *,
    seed: int | None = None,
    count: int | None = None,
) -> Dataset:
    """Rows of a recipe, with nothing on disk.

    recipe: the name of a ready recipe (`recipes()`), the path of a TOML file, or a dict with the same fields.
    config: a record config of the recipe; its first by default.
    split: a split of the recipe.
    seed, count: in the place of the recipe's own.

    Raises RecipeError where the recipe is wrong, or has no such config or split.
    """
    return Dataset(recipe, config, split, seed=seed, count=count)


class Dataset(Sequence[Row]):
    """The rows of one record config in one split of a recipe.

    A row is a function of recipe, split and index: it is made when it is asked for, and always the same. The dataset is pickled by its
    recipe alone.
    """

    def __init__(
        self,
        recipe: Recipe,
        config: str | None = None,
        split: str = "train",
        *,
        seed: int | None = None,
        count: int | None = None,
    ) -> None:
        seed = None if seed is None else whole("seed", seed)
        count = None if count is None else whole("count", count, 0, sys.maxsize)
        self._of = (_recipe(recipe), config, split, seed, count)
        self._core = _core.Dataset(*self._of)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (*self._of, named_in(self.recipe))

    def __repr__(self) -> str:
        recipe = self._of[0]
        name = recipe if isinstance(recipe, str) else "of a dict"
        return f"<Dataset {name}, config {self.config}, split {self.split}, {len(self)} rows>"

    @property
    def recipe(self) -> str:
        """The recipe in full, as TOML."""
        return self._core.recipe

    @property
    def split(self) -> str:
        """The split."""
        return self._of[2]

    @property
    def config(self) -> str:
        """The record config."""
        return self._core.config

    @property
    def columns(self) -> dict[str, str]:
        """Names of the columns, each with what it means."""
        return dict(self._core.columns)

    @property
    def capacity(self) -> int:
        """Number of rows that the split can have."""
        return self._core.capacity

    def __len__(self) -> int:
        return len(self._core)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return self._core.take(list(range(*index.indices(len(self))))).to_pylist()
        return self._core.row(place(index, len(self)))

    def __getitems__(self, indices: Sequence[int]) -> list[Row]:
        """Rows by their indices. PyTorch's DataLoader calls this for a batch."""
        return self.take(indices).to_pylist()

    def __iter__(self) -> Iterator[Row]:
        for batch in self._core.batches(64, 0, len(self)):
            yield from batch.to_pylist()

    def take(self, indices: Sequence[int]) -> _core.Batch:
        """Rows by their indices, as a batch. An index may be greater than the number of rows, up to `capacity`.

        Raises RowError where the split has no such row.
        """
        return self._core.take([whole("index", index) for index in indices])

    def batches(
        self,
        size: int,
        *,
        shuffle: int | None = None,
        rank: int = 0,
        world_size: int = 1,
        epoch: int = 0,
        drop_last: bool = False,
        pad: bool = False,
        rows: int | None = None,
        threads: int = 1,
    ) -> Batches:
        """The batches of an epoch: an iterator over Arrow record batches, with a place that can be saved.

        size: rows of a batch. The last one may have fewer.
        shuffle: seed of the order, a keyed permutation that is another one in each epoch. None: the order of the split.
        rank, world_size: which part of the rows. All ranks together have every row once; some have one row more than others.
        drop_last: every rank has the same number of full batches; the rows that are left over are left out.
        pad: every rank has the same number of rows; the first rows of the epoch come again at the end for this.
        rows: rows of the epoch, all ranks together, up to `capacity`; by default those that the recipe asks for.
        threads: threads that make rows ahead.

        Raises RequestError for a wrong argument, and RowError where a row cannot be made.
        """
        order = Order.of(self, shuffle, epoch, rank, world_size, pad, rows)
        return Batches(self, size, order, drop_last, threads)

    def stream(self, start: int = 0, rank: int = 0, world_size: int = 1, *, threads: int = 1) -> Stream:
        """Rows from an index on, one after the other, more than the recipe asks for, until the split's puzzles run out (`capacity`).

        start: the first index.
        rank, world_size: the rank has the rows `start + rank`, `start + rank + world_size` and so on.
        threads: threads that make rows ahead.

        The iterator ends (StopIteration) behind row `capacity - 1`. It raises RowError where a row cannot be made.
        """
        order = Order.of(self, None, 0, rank, world_size, rows=self.capacity)
        return Stream(self, replace(order, done=whole("start", start)), threads)

    def iterable(self, **options: Any) -> IterableRows:
        """The rows as an IterableDataset of PyTorch. `torch_data.iterable` says what the options are."""
        from .torch_data import iterable

        return iterable(self, **options)

    def shaped(self, shape: str) -> Shaped:
        """The rows in the shape that a trainer takes: exactly its columns, and no others.

        shape: `lm`, `sft`, `messages`, `preference`, `unpaired`, `stepwise`, `rollouts`, `rl`, `verl` or `nemo-gym`.

        Raises RequestError where the record config has no such shape; the message says which it has.
        """
        return Shaped(self, shape)

    @overload
    def to_hf(self, streaming: Literal[False] = False) -> datasets.Dataset: ...
    @overload
    def to_hf(self, streaming: Literal[True]) -> datasets.IterableDataset: ...
    def to_hf(self, streaming: bool = False) -> datasets.Dataset | datasets.IterableDataset:
        """The rows as a Dataset of Hugging Face, in memory; or as an IterableDataset, which makes them when they are asked for.

        It needs `datasets` and `pyarrow`.
        """
        from .shapes import to_hf

        return to_hf(self, self.split, fingerprint(self) + format(len(self), "x"), streaming)

    def twin(self, config: str) -> Dataset:
        """The same puzzles in another record config of the recipe."""
        recipe, _, split, seed, count = self._of
        return Dataset(recipe, config, split, seed=seed, count=count)

    def tokens(
        self,
        tokenizer: Tokenizer,
        *,
        mask: Mask = None,
        max_length: int | None = None,
        bos: bool = True,
        eos: bool = True,
        text: Text = None,
    ) -> TokenRows:
        """The rows as tokens: a map-style view whose rows are dicts of `input_ids` and `labels`.

        tokenizer: what `tokenizer()` gives.
        mask: which labels are -100. None: none. `prompt`: those of the prompt and of user turns. `skip_spans`: these, and each token that a span of the column
            `skip_spans` touches.
        max_length: longer rows are cut at their end to so many tokens.
        bos, eos: whether `<bos>` stands before a row, and `<eos>` behind each completion and each turn of the assistant.
        text: which of several texts, for rows of `preference` (`chosen`, `rejected`) and `group` (a number).
        """
        from .tokens import TokenRows

        return TokenRows(self, tokenizer, mask=mask, max_length=max_length, bos=bos, eos=eos, text=text)

    def __arrow_c_schema__(self) -> Any:
        return self._core.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._core.stream(0, len(self), threads=os.cpu_count() or 1)


def place(index: Any, rows: int) -> int:
    """The index of a row, from the end where it is negative. Raises IndexError where there is no such row."""
    try:
        number = operator.index(index)
    except TypeError:
        raise TypeError(f"a row has a whole number; found {type(index).__name__}") from None
    found = number + rows if number < 0 else number
    if not 0 <= found < rows:
        raise IndexError(f"row {number} of {rows}")
    return found


def _restore(
    recipe: Any, config: str | None, split: str, seed: int | None, count: int | None, environments: tuple[type, ...] = ()
) -> Dataset:
    # The environments of one's own are registered as their classes are read.
    return Dataset(recipe, config, split, seed=seed, count=count)


def generate(
    recipe: Recipe,
    folder: str | os.PathLike[str],
    *,
    count: Mapping[str, int] | None = None,
    configs: Sequence[str] = (),
    seed: int | None = None,
    format: str = "parquet",
    rows_per_file: int | None = None,
    threads: int | None = None,
    shard_index: int = 0,
    num_shards: int = 1,
    overwrite: bool = False,
    progress: bool | None = None,
) -> dict[str, Any]:
    """Writes the dataset of a recipe to a folder, or what is missing of it: what `sos generate` does, to the same bytes.

    count: rows of splits in the place of the recipe's.
    progress: whether to show a bar on standard error; by default where that is a terminal.

    An interrupt (KeyboardInterrupt) keeps the files that are complete; the same call goes on from there.
    """
    show = sys.stderr.isatty() if progress is None else progress
    counts = list((count or {}).items())
    try:
        return _core.generate(
            _recipe(recipe),
            os.fspath(folder),
            counts,
            list(configs),
            seed=seed,
            format=format,
            rows_per_file=rows_per_file,
            threads=threads,
            shard_index=shard_index,
            num_shards=num_shards,
            overwrite=overwrite,
            progress=_bar if show else None,
        )
    finally:
        if show:
            print(file=sys.stderr)


def _bar(done: int, rows: int) -> None:
    full = 40 * done // max(rows, 1)
    print(f"\r{'█' * full}{'░' * (40 - full)} {done:,}/{rows:,} rows", end="", file=sys.stderr, flush=True)
