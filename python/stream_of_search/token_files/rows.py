"""Rows of any source as ids and labels."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from .._core import RequestError, RowError
from ..datasets import Dataset
from ..tokens import TokenRows, _threads, label

#: Rows that are encoded at once.
_ROWS = 512


class Labelled(NamedTuple):
    """A row: its ids, and as many labels."""

    ids: array[int]
    labels: array[int]


def labelled_rows(source: Any, view: TokenRows, threads: int | None) -> Iterator[Labelled]:
    """The rows of a source, with the settings of a view."""
    count = _threads(threads)
    if isinstance(source, Dataset):
        source = TokenRows(source, view.tokenizer, mask=view.mask, bos=view.bos, eos=view.eos, text=view.text)
    if isinstance(source, TokenRows):
        for start in range(0, len(source), _ROWS):
            indices = range(start, min(start + _ROWS, len(source)))
            yield from _cut(source.batch(indices, count), source.max_length)
        return
    if isinstance(source, (str, bytes, Mapping)) or not isinstance(source, Iterable):
        raise RequestError(f"source: found {type(source).__name__}; allowed: a Dataset, its tokens, or an iterable of texts, rows or ids")
    rows = iter(source)
    while part := list(islice(rows, _ROWS)):
        yield from _of_any(part, view, count)


def _cut(batch: tuple[Any, Any], most: int | None) -> Iterator[Labelled]:
    tokens, labels = batch
    all_ids, all_labels, offsets = tokens.ids, labels.labels, tokens.offsets
    for start, end in zip(offsets[:-1], offsets[1:], strict=True):
        end = end if most is None else min(end, start + most)
        yield Labelled(array("H", all_ids[start:end].tobytes()), array("i", all_labels[start:end].tobytes()))


def _of_any(part: list[Any], view: TokenRows, threads: int) -> Iterator[Labelled]:
    """Rows of several shapes, in order: runs of texts are encoded together."""
    texts: list[Mapping[str, Any]] = []
    for row in part:
        if isinstance(row, str):
            texts.append({"text": row, "skip_spans": []})
        elif isinstance(row, Mapping) and "input_ids" not in row:
            texts.append(row)
        else:
            yield from _cut(label(view.tokenizer, texts, view, threads), None)
            texts = []
            yield _ready(row, view)
    yield from _cut(label(view.tokenizer, texts, view, threads), None)


def _ready(row: Any, view: TokenRows) -> Labelled:
    """A row that has ids."""
    ids = row["input_ids"] if isinstance(row, Mapping) else row
    labels = row.get("labels", ids) if isinstance(row, Mapping) else ids
    last = view.tokenizer.vocab_size - 1
    try:
        made = Labelled(array("H", ids), array("i", labels))
    except (TypeError, OverflowError, ValueError) as error:
        raise RowError(f"input_ids: {error}; allowed: ids from 0 to {last}, and labels that are ids or -100") from error
    if made.ids and max(made.ids) > last:
        raise RowError(f"input_ids: found {max(made.ids)}; allowed: 0 to {last}, the tokens of {view.tokenizer.name}")
    if len(made.ids) != len(made.labels):
        raise RowError(f"labels: found {len(made.labels)} for {len(made.ids)} input_ids; allowed: as many")
    return made
