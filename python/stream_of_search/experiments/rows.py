"""Rows of an arm as batches of tokens, in an order that a seed decides."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..datasets import Dataset
from ..token_parts import Mask, columns_of
from ..tokens import Tokenizer, TokenRows, label

Ids = np.ndarray[Any, Any]

#: Rows that are made at once.
_CHUNK = 1024


class Words:
    """The tokens that occur in an experiment, numbered from 0: a small part of the fixed vocabularies of its arms.

    A decoder of this size would spend half of its time on words that never come. Number 0 is padding.
    """

    def __init__(self, ids: Iterator[Ids] | Sequence[Ids], size: int) -> None:
        found = np.zeros(size, dtype=bool)
        for part in ids:
            found[part] = True
        found[0] = True
        self.ids = np.flatnonzero(found)
        self._numbers = np.full(size, -1, dtype=np.int64)
        self._numbers[self.ids] = np.arange(len(self.ids))

    def __len__(self) -> int:
        return len(self.ids)

    def numbers(self, ids: Sequence[int] | Ids) -> Ids:
        """The numbers of ids; -1 for one that does not occur."""
        return self._numbers[np.asarray(ids, dtype=np.int64)]


@dataclass(frozen=True)
class Batch:
    """Rows of similar length, padded at the right."""

    ids: torch.Tensor
    """[rows, longest], numbers of words."""
    learnt: torch.Tensor
    """[rows, longest], whether the loss counts the token."""
    rows: int
    tokens: int
    """Tokens without padding."""


class Part:
    """The rows of one record config, as tokens; or rows that were chosen in their place, with the columns `prompt` and `completion`."""

    def __init__(
        self, dataset: Dataset, tokenizer: Tokenizer, mask: Mask, text: str | int | None = None, chosen: Sequence[dict[str, Any]] | None = None
    ) -> None:
        self.dataset, self.tokenizer, self._chosen = dataset, tokenizer, chosen
        self.view = TokenRows(dataset, tokenizer, mask=mask, text=text)
        self._columns = columns_of(dataset.columns)

    def first(self, rows: int) -> tuple[Ids, Ids]:
        """Ids of the first rows, one after the other, and where each row begins and the last one ends."""
        ids, _ = self.view.batch(range(min(rows, len(self.dataset))))
        return np.asarray(ids.ids), np.asarray(ids.offsets)

    def chunks(self, seed: int) -> Iterator[tuple[Ids, Ids, Ids]]:
        """All rows, again and again, in another order each time: ids, labels, and where rows begin."""
        for epoch in itertools.count():
            for rows in self._epoch(seed, epoch):
                ids, labels = label(self.tokenizer, rows, self.view)
                yield np.asarray(ids.ids), np.asarray(labels.labels), np.asarray(ids.offsets)

    def _epoch(self, seed: int, epoch: int) -> Iterator[list[dict[str, Any]]]:
        """All rows once, in chunks."""
        if self._chosen is None:
            for batch in self.dataset.batches(_CHUNK, shuffle=seed, epoch=epoch):
                yield batch.to_pylist(self._columns)
            return
        order = np.random.default_rng([seed, epoch]).permutation(len(self._chosen)).tolist()
        for start in range(0, len(order), _CHUNK):
            yield [self._chosen[place] for place in order[start : start + _CHUNK]]


class Batches(Iterator[Batch]):
    """Batches of at least so many tokens, without end: as many rows of one part as of another. Rows are sorted by length in a chunk, so that little is padding.

    Rows that are longer than `context`, or that have a word which does not occur in `words`, are left out and counted in `dropped`.
    """

    def __init__(self, parts: Sequence[Part], words: Words, tokens: int, context: int, seed: int) -> None:
        self._words, self._tokens, self._context = words, tokens, context
        self._chunks = [part.chunks(seed) for part in parts]
        self._random = np.random.default_rng(seed)
        self.seeny: list[Batch] = []
        self._left: list[tuple[Ids, Ids]] = []
        self.dropped = 0
        #: Rows that were read of each part.
        self.seen = [0] * len(parts)

    def __next__(self) -> Batch:
        while not self.seeny:
            self._cut()
        return self.seeny.pop()

    def _cut(self) -> None:
        rows = self._left + self._chunk(0)
        for part in range(1, len(self._chunks)):
            # Chunks at the end of an epoch are shorter: the other parts follow the first one by rows.
            while self.seen[part] < self.seen[0]:
                rows += self._chunk(part)
        # Rows of one length stand in an order of chance, and what is left over comes again in the next chunk.
        self._random.shuffle(rows)
        rows.sort(key=lambda row: len(row[0]))
        ready: list[Batch] = []
        group: list[tuple[Ids, Ids]] = []
        count = 0
        for ids, learnt in rows:
            group.append((ids, learnt))
            count += len(ids)
            if count >= self._tokens:
                ready.append(_pad(group, count))
                group, count = [], 0
        self._left = group
        self._random.shuffle(ready)
        self.seeny = ready

    def _chunk(self, part: int) -> list[tuple[Ids, Ids]]:
        """The rows of the next chunk of a part that fit, as numbers of words and whether the loss counts them."""
        found, labels, offsets = next(self._chunks[part])
        numbers, counts = self._words.numbers(found), labels != -100
        fits = (np.diff(offsets) <= self._context) & (np.minimum.reduceat(numbers, offsets[:-1]) >= 0)
        self.seen[part] += len(fits)
        self.dropped += int(len(fits) - fits.sum())
        places = zip(offsets[:-1][fits].tolist(), offsets[1:][fits].tolist(), strict=True)
        return [(numbers[start:stop], counts[start:stop]) for start, stop in places]


def _pad(rows: list[tuple[Ids, Ids]], tokens: int) -> Batch:
    longest = max(len(ids) for ids, _ in rows)
    ids = np.zeros((len(rows), longest), dtype=np.int64)
    learnt = np.zeros((len(rows), longest), dtype=bool)
    for number, (row, counts) in enumerate(rows):
        ids[number, : len(row)] = row
        learnt[number, : len(row)] = counts
    return Batch(torch.from_numpy(ids), torch.from_numpy(learnt), len(rows), tokens)
