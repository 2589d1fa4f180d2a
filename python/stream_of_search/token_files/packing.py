"""Rows put together into blocks of a context length."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .._core import RequestError, RowError
from .rows import Labelled

_SKIPPED = -100


@dataclass(frozen=True)
class Packing:
    """How rows become blocks."""

    pack: str | None
    context: int | None
    window: int
    too_long: str
    pad: bool
    pad_id: int

    def __post_init__(self) -> None:
        if self.pack not in (None, "fit", "cut"):
            raise RequestError(f"pack: found {self.pack!r}; allowed: None, 'fit', 'cut'")
        if self.too_long not in ("error", "drop", "cut", "split"):
            raise RequestError(f"too_long: found {self.too_long!r}; allowed: 'error', 'drop', 'cut', 'split'")
        if self.context is None and (self.pack or self.pad):
            raise RequestError("context: found None; allowed: a number of tokens, which packing and padding need")
        for name, number in (("context", self.context), ("window", self.window)):
            if number is not None and number < 1:
                raise RequestError(f"{name}: found {number}; allowed: 1 or more")


@dataclass
class Block:
    """Rows that stand together: their ids and labels, and the length of each. Padding stands behind the last."""

    ids: array[int] = field(default_factory=lambda: array("H"))
    labels: array[int] = field(default_factory=lambda: array("i"))
    lengths: list[int] = field(default_factory=list)
    padding: int = 0

    def add(self, ids: array[int], labels: array[int]) -> None:
        """Puts a row, or a part of one, behind the others."""
        self.ids.extend(ids)
        self.labels.extend(labels)
        self.lengths.append(len(ids))

    def segments(self) -> array[int]:
        """The lengths of the rows, and of the padding behind them."""
        return array("i", [*self.lengths, self.padding] if self.padding else self.lengths)

    def positions(self) -> array[int]:
        """The place of each token in its row, or in the padding."""
        places = array("i")
        for length in self.segments():
            places.extend(range(length))
        return places


def packed(rows: Iterable[Labelled], packing: Packing, report: Any) -> Iterator[Block]:
    """The blocks of rows. `report` counts rows, and those that are left out."""
    kept = _kept(rows, packing, report)
    blocks = {"fit": _fit, "cut": _cut}.get(packing.pack or "", _alone)(kept, packing)
    for block in blocks:
        if packing.pad and packing.context is not None:
            block.padding = packing.context - len(block.ids)
            block.ids.extend([packing.pad_id] * block.padding)
            block.labels.extend([_SKIPPED] * block.padding)
        yield block


def _kept(rows: Iterable[Labelled], packing: Packing, report: Any) -> Iterator[Labelled]:
    for number, row in enumerate(rows):
        report.rows += 1
        if not row.ids:
            raise RowError(f"row {number}: found no tokens; allowed: one or more")
        if packing.context is not None and packing.pack != "cut" and len(row.ids) > packing.context:
            if packing.too_long == "error":
                says = "too_long='drop' leaves such rows out, 'cut' cuts them; or give a larger context"
                raise RowError(f"row {number}: found {len(row.ids)} tokens; allowed: {packing.context}, the context; {says}")
            report.too_long += 1
            if packing.too_long == "drop":
                continue
            if packing.too_long == "split":
                yield from _pieces(row, packing.context)
                continue
            row = Labelled(row.ids[: packing.context], row.labels[: packing.context])
        yield row


def _pieces(row: Labelled, context: int) -> Iterator[Labelled]:
    for start in range(0, len(row.ids), context):
        yield Labelled(row.ids[start : start + context], row.labels[start : start + context])


def _alone(rows: Iterable[Labelled], _packing: Packing) -> Iterator[Block]:
    for row in rows:
        yield Block(row.ids, row.labels, [len(row.ids)])


def _fit(rows: Iterable[Labelled], packing: Packing) -> Iterator[Block]:
    """First fit: a row goes into the first open block that has room. Where there is none and the window is full, the oldest block is closed."""
    assert packing.context is not None
    blocks: list[Block] = []
    for row in rows:
        if row.labels:
            # The end of another row does not tell how this one begins.
            row.labels[0] = _SKIPPED
        room = packing.context - len(row.ids)
        block = next((block for block in blocks if len(block.ids) <= room), None)
        if block is None:
            if len(blocks) == packing.window:
                yield blocks.pop(0)
            block = Block()
            blocks.append(block)
        block.add(row.ids, row.labels)
        if len(block.ids) == packing.context:
            blocks = [other for other in blocks if other is not block]
            yield block
    yield from blocks


def _cut(rows: Iterable[Labelled], packing: Packing) -> Iterator[Block]:
    """All rows one after the other, cut after every `context` tokens. The last block may be shorter."""
    assert packing.context is not None
    block = Block()
    for row in rows:
        at = 0
        while at < len(row.ids):
            end = at + packing.context - len(block.ids)
            block.add(row.ids[at:end], row.labels[at:end])
            at = end
            if len(block.ids) == packing.context:
                yield block
                block = Block()
    if block.ids:
        yield block
