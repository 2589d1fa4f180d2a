"""Rows of recipes: in memory by index, in batches, as an Arrow stream; and datasets in folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from . import _core

if TYPE_CHECKING:
    from .token_parts import Mask, Text
    from .tokens import Tokenizer, TokenRows

Recipe = str | os.PathLike[str] | Mapping[str, Any]
Row = dict[str, Any]


def recipes() -> list[str]:
    """Names of the ready recipes."""
    return _core.ready_recipes()


def _recipe(recipe: Recipe) -> Any:
    return dict(recipe) if isinstance(recipe, Mapping) else os.fspath(recipe)


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
        self._of = (_recipe(recipe), config, split, seed, count)
        self._core = _core.Dataset(*self._of)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, self._of

    def __repr__(self) -> str:
        recipe, config, split, *_ = self._of
        name = recipe if isinstance(recipe, str) else "a recipe"
        return f"<Dataset {name}, config {config or 'first'}, split {split}, {len(self)} rows>"

    @property
    def recipe(self) -> str:
        """The recipe in full, as TOML."""
        return self._core.recipe

    @property
    def split(self) -> str:
        """The split."""
        return self._of[2]

    @property
    def config(self) -> str | None:
        """The record config; None for the recipe's first."""
        return self._of[1]

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
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"row {index} of {len(self)}")
        return self._core.row(place)

    def __iter__(self) -> Iterator[Row]:
        for batch in self._core.batches(64, 0, len(self)):
            yield from batch.to_pylist()

    def take(self, indices: Sequence[int]) -> _core.Batch:
        """Rows by their indices, as a batch."""
        return self._core.take(list(indices))

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


def _restore(recipe: Any, config: str | None, split: str, seed: int | None, count: int | None) -> Dataset:
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
