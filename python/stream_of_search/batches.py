"""Batches of a dataset in a stated order, over ranks, with a place to go on from; and endless rows."""

from __future__ import annotations

import hashlib
import operator
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ._core import Batch, RequestError
from . import _core

if TYPE_CHECKING:
    from .datasets import Dataset, Row

State = dict[str, Any]

# Largest number that the native module takes.
_MOST = 2**64 - 1


def whole(name: str, value: Any, least: int = 0, most: int = _MOST) -> int:
    """A whole number in a range. Raises RequestError, which names the argument."""
    try:
        number = operator.index(value)
    except TypeError:
        raise RequestError(f"{name}: found {value!r}; a whole number is needed") from None
    if not least <= number <= most:
        allowed = f"from {least} on" if most == _MOST else f"from {least} to {most}"
        raise RequestError(f"{name}: found {number}; allowed are whole numbers {allowed}")
    return number


@dataclass(frozen=True)
class Order:
    """Which rows a rank gets, and in which order.

    A position is a place in the epoch's order over all ranks. Of the positions from `done` on, rank r gets `done + r`, `done + r + world_size` and so on.
    """

    rows: int
    """Rows of an epoch, all ranks together."""
    shuffle: int | None = None
    """Seed of the order; None for the order of the split."""
    epoch: int = 0
    rank: int = 0
    world_size: int = 1
    pad: bool = False
    """Whether the first rows come again at the end, so that all ranks have the same number."""
    done: int = 0
    """Positions that are left out at the beginning, all ranks together."""

    @classmethod
    def of(
        cls, dataset: Dataset, shuffle: Any, epoch: Any, rank: Any, world_size: Any, pad: bool = False, rows: Any = None
    ) -> Order:
        """The order that a caller asks for, checked."""
        world_size = whole("world_size", world_size, 1)
        count = whole("rows", len(dataset) if rows is None else rows)
        if count > max(dataset.capacity, len(dataset)):
            raise RequestError(f"rows: found {count}; the split's puzzles are enough for {dataset.capacity} rows")
        return cls(
            rows=count,
            shuffle=None if shuffle is None else whole("shuffle", shuffle),
            epoch=whole("epoch", epoch),
            rank=whole("rank", rank, 0, world_size - 1),
            world_size=world_size,
            pad=bool(pad),
        )

    def own(self, even: bool = False) -> int:
        """Number of rows of this rank; with `even`, so many as every rank has at least."""
        left = max(self.rows - self.done, 0)
        if self.pad:
            return -(-left // self.world_size)
        if even:
            return left // self.world_size
        return max(-(-(left - self.rank) // self.world_size), 0)

    def batches(self, dataset: Dataset, size: int, own: int, threads: int, first: int = 0, stride: int = 1) -> _core.Batches:
        """The batches `first`, `first + stride` … of the first `own` rows of this rank."""
        start = self.done + self.rank
        stop = start + (own - 1) * self.world_size + 1 if own else start
        return dataset._core.batches(
            size,
            min(start, _MOST),
            min(stop, _MOST),
            min(self.world_size, _MOST),
            self.shuffle,
            self.epoch,
            self.rows,
            threads,
            first,
            stride,
            self.pad,
        )


def fingerprint(dataset: Dataset) -> str:
    """A hash of recipe, config and split: equal where the rows are equal."""
    return hashlib.sha256(repr((dataset.recipe, dataset.config, dataset.split)).encode()).hexdigest()[:16]


def read_state(state: Mapping[str, Any], dataset: Dataset, order: Order) -> Order:
    """The order with the epoch and place of a state. Raises RequestError where the state is of other rows."""
    if not isinstance(state, Mapping):
        raise RequestError(f"state: found {type(state).__name__}; a state is what state_dict() gave")
    here = {"dataset": fingerprint(dataset), "rows": order.rows, "shuffle": order.shuffle}
    for name, value in here.items():
        if name not in state or state[name] != value:
            found = repr(state[name]) if name in state else "nothing"
            raise RequestError(f"state: {name}: found {found}; here it is {value!r}, so the state is of other rows")
    epoch, done = (whole(f"state: {name}", state.get(name)) for name in ("epoch", "done"))
    return replace(order, epoch=epoch, done=done)


def write_state(dataset: Dataset, order: Order, done: int) -> State:
    """What `read_state` reads."""
    return {
        "dataset": fingerprint(dataset),
        "rows": order.rows,
        "shuffle": order.shuffle,
        "epoch": order.epoch,
        "done": done,
    }


class Batches(Iterator[Batch]):
    """The batches of an epoch, an iterator. `Dataset.batches` makes it and says what its arguments mean.

    It is pickled with its place. A forked process has a copy of its own, which goes on from the same place.
    """

    def __init__(self, dataset: Dataset, size: int, order: Order, drop_last: bool = False, threads: int = 1) -> None:
        self._dataset = dataset
        self._size = whole("size", size, 1)
        self._order = order
        self._drop_last = bool(drop_last)
        self._threads = whole("threads", threads, 1, 1024)
        self._whole = self._count(replace(order, done=0))
        self._core: _core.Batches | None = None
        self._lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:
        place = {"_order": replace(self._order, done=self._done()), "_core": None}
        return {name: value for name, value in self.__dict__.items() if name != "_lock"} | place

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()

    def _rows(self, order: Order) -> int:
        own = order.own(even=self._drop_last)
        return own - own % self._size if self._drop_last else own

    def _count(self, order: Order) -> int:
        return -(-self._rows(order) // self._size)

    def _done(self) -> int:
        taken = self._core.rows if self._core else 0
        return self._order.done + taken * self._order.world_size

    def _start(self) -> _core.Batches:
        with self._lock:
            if self._core is None:
                self._core = self._order.batches(self._dataset, self._size, self._rows(self._order), self._threads)
            return self._core

    def __len__(self) -> int:
        """Number of batches of a whole epoch on this rank."""
        return self._whole

    def __iter__(self) -> Batches:
        return self

    def __next__(self) -> Batch:
        return next(self._core or self._start())

    def set_epoch(self, epoch: int) -> None:
        """Goes to the beginning of an epoch."""
        self._order = replace(self._order, epoch=whole("epoch", epoch), done=0)
        self._core = None

    def state_dict(self) -> State:
        """The place: plain values, good for JSON. `done` counts positions of the epoch over all ranks.

        It is right on every rank if it is taken when all ranks have the same number of rows behind them. Then another number of ranks may go on from
        it too, and another batch size.
        """
        return write_state(self._dataset, self._order, self._done())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes to the place of a state: exactly the rows that were left then are left now.

        Raises RequestError where the state is of another recipe, config, split, seed of the order, or number of rows.
        """
        self._order = read_state(state, self._dataset, self._order)
        self._core = None


class Stream(Iterator["Row"]):
    """Rows of a split from an index on, until its puzzles run out; an iterator. `Dataset.stream` makes it and says what its arguments mean."""

    _SIZE = 64

    def __init__(self, dataset: Dataset, order: Order, threads: int = 1) -> None:
        self._dataset = dataset
        self._order = order
        self._threads = whole("threads", threads, 1, 1024)
        self._core: _core.Batches | None = None
        self._rows: list[Row] = []
        self._taken = 0

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_order": replace(self._order, done=self._done()), "_core": None, "_rows": [], "_taken": 0}

    def _done(self) -> int:
        return self._order.done + self._taken * self._order.world_size

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> Row:
        if not self._rows:
            if self._core is None:
                self._core = self._order.batches(self._dataset, self._SIZE, self._order.own(), self._threads)
            self._rows = next(self._core).to_pylist()[::-1]
        self._taken += 1
        return self._rows.pop()

    def state_dict(self) -> State:
        """The place, as that of `Batches`."""
        return write_state(self._dataset, self._order, self._done())

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes to the place of a state. Raises RequestError where it is of other rows."""
        self._order = read_state(state, self._dataset, self._order)
        self._core, self._rows, self._taken = None, [], 0
