"""Rows as an IterableDataset of PyTorch, which splits itself over ranks and over the workers of a DataLoader."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import torch.distributed
from torch.utils.data import IterableDataset, get_worker_info

from ._core import Batch, RequestError
from .batches import Order, State, read_state, whole, write_state
from .datasets import Dataset, Row
from .shapes import Shaped


def iterable(
    rows: Dataset | Shaped,
    *,
    batch_size: int = 1,
    shuffle: int | None = None,
    epoch: int = 0,
    rank: int | None = None,
    world_size: int | None = None,
    pad: bool = False,
    count: int | None = None,
    transform: Callable[[Row], Any] | None = None,
) -> IterableRows:
    """Rows as an IterableDataset.

    batch_size: the batch size of the DataLoader. Workers get whole batches in turn, so the rows come in one order, whatever the number of workers.
    shuffle, epoch, pad: as in `Dataset.batches`. `count` is its `rows`.
    rank, world_size: those of `torch.distributed` by default, or of the variables RANK and WORLD_SIZE, or 0 and 1.
    transform: a function of each row; it must be one that can be pickled where workers are spawned.

    Raises RequestError for a wrong argument.
    """
    if (rank is None) != (world_size is None):
        raise RequestError("rank, world_size: found one without the other; give both or neither")
    if rank is None:
        rank, world_size = _place()
    dataset = rows.dataset if isinstance(rows, Shaped) else rows
    if isinstance(rows, Shaped) and rows.each > 1:
        raise RequestError(f"shape: a row of the dataset becomes {rows.each} rows of the shape {rows.shape}; give the DataLoader the shape itself")
    order = Order.of(dataset, shuffle, epoch, rank, world_size, pad, count)
    return IterableRows(rows, dataset, order, whole("batch_size", batch_size, 1), transform)


def _place() -> tuple[int, int]:
    """Rank and number of ranks of this process."""
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    try:
        return int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    except ValueError:
        raise RequestError("RANK, WORLD_SIZE: these variables have to be whole numbers") from None


class IterableRows(IterableDataset):  # type: ignore[type-arg]
    """What `iterable` makes. The first `iter` after `load_state_dict` begins at that place, each other one at the beginning of the epoch.

    Workers of a DataLoader begin at the place each time, since they are copies of this one. So call `set_epoch` before each further epoch.
    """

    def __init__(
        self,
        rows: Dataset | Shaped,
        dataset: Dataset,
        order: Order,
        batch_size: int,
        transform: Callable[[Row], Any] | None,
    ) -> None:
        self._rows, self._dataset, self._order = rows, dataset, order
        self._batch_size, self._transform = batch_size, transform
        # Rows of a worker that came out since the place of the order, and which worker this is of how many.
        self._taken, self._worker = 0, (0, 1)
        self._resume = True

    def __len__(self) -> int:
        """Number of rows of a whole epoch on this rank."""
        return replace(self._order, done=0).own()

    def set_epoch(self, epoch: int) -> None:
        """Goes to the beginning of an epoch. Workers that are kept (persistent_workers) do not hear of it."""
        self._order, self._taken = replace(self._order, epoch=whole("epoch", epoch), done=0), 0

    def __iter__(self) -> Iterator[Any]:
        info = get_worker_info()
        worker = (info.id, info.num_workers) if info else (0, 1)
        if self._resume and self._taken and worker != self._worker:
            raise RequestError(
                f"state: found one of worker {self._worker[0]} of {self._worker[1]}; this is worker {worker[0]} of {worker[1]}"
            )
        if not self._resume:
            self._order, self._taken = replace(self._order, done=0), 0
        self._worker, self._resume = worker, False
        skip = self._taken
        batches = self._order.batches(
            self._dataset, self._batch_size, self._order.own(), 1, worker[0] + skip // self._batch_size * worker[1], worker[1]
        )
        skip %= self._batch_size
        for batch in batches:
            for row in self._shaped(batch)[skip:]:
                self._taken += 1
                yield self._transform(row) if self._transform else row
            skip = 0

    def _shaped(self, batch: Batch) -> list[Row]:
        return self._rows.rows_of(batch) if isinstance(self._rows, Shaped) else batch.to_pylist()

    def state_dict(self) -> State:
        """The place. Where the DataLoader has no workers, it is right at any time; a StatefulDataLoader asks each worker for its own.

        In the main process of a DataLoader with workers, ask `state_after` instead.
        """
        worker, workers = self._worker
        done = 0 if workers > 1 else self._taken
        state = write_state(self._dataset, self._order, self._order.done + done * self._order.world_size)
        return state | {"worker": worker, "workers": workers, "taken": self._taken - done}

    def state_after(self, batches: int) -> State:
        """The place when the DataLoader has given so many batches since this dataset's place, whatever its number of workers."""
        taken = min(whole("batches", batches) * self._batch_size, self._order.own())
        state = write_state(self._dataset, self._order, self._order.done + taken * self._order.world_size)
        return state | {"worker": 0, "workers": 1, "taken": 0}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Goes to the place of a state. Raises RequestError where the state is of other rows."""
        self._order = read_state(state, self._dataset, self._order)
        worker, workers, self._taken = (whole(f"state: {name}", state.get(name)) for name in ("worker", "workers", "taken"))
        self._worker, self._resume = (worker, workers), True
