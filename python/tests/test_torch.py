"""Rows in PyTorch's DataLoader: by index and as a stream, with workers, over ranks, and on from a place."""

from __future__ import annotations

import itertools
import json
import pickle
from typing import Any

import pytest

import stream_of_search as sos

torch = pytest.importorskip("torch")
DataLoader = torch.utils.data.DataLoader

ROWS = 61
DS = sos.load("countdown", config="optimal", count=ROWS)


def prompt_and_index(row: dict[str, Any]) -> tuple[str, int]:
    """A transform that can be pickled."""
    return row["prompt"], row["index"]


def order(loader: Any) -> list[list[int]]:
    return [[row["index"] for row in batch] for batch in loader]


def in_batches(size: int, **options: Any) -> list[list[int]]:
    return [batch.column("index") for batch in DS.batches(size, **options)]


@pytest.mark.parametrize("workers", [0, 2])
def test_rows_by_index(workers: int) -> None:
    loader = DataLoader(DS, 8, num_workers=workers, collate_fn=list)
    assert [row for batch in loader for row in batch] == list(DS)
    generator = torch.Generator().manual_seed(1)
    shuffled = order(DataLoader(DS, 8, shuffle=True, num_workers=workers, collate_fn=list, generator=generator))
    assert sorted(itertools.chain(*shuffled)) == list(range(ROWS)) != list(itertools.chain(*shuffled))


def test_a_batch_is_made_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sos.Dataset, "__getitem__", lambda *_: pytest.fail("rows were asked for one by one"))
    assert order(DataLoader(DS, 30, collate_fn=list)) == [[*range(30)], [*range(30, 60)], [60]]


def test_spawned_workers() -> None:
    options = {"num_workers": 1, "multiprocessing_context": "spawn"}
    rows = DS.iterable(batch_size=8, shuffle=5, transform=prompt_and_index)
    got = [batch for batch in DataLoader(rows, 8, **options)]
    assert [index.tolist() for _, index in got] == in_batches(8, shuffle=5)
    assert [prompt for prompts, _ in got for prompt in prompts] == [
        DS[index]["prompt"] for index in itertools.chain(*in_batches(8, shuffle=5))
    ]


@pytest.mark.parametrize(("workers", "size"), [(0, 1), (0, 8), (0, 100), (1, 8), (3, 8), (3, 100)])
def test_one_order_whatever_the_number_of_workers(workers: int, size: int) -> None:
    for rank in range(2):
        place = {"shuffle": 3, "rank": rank, "world_size": 2, "epoch": 1}
        rows = DS.iterable(batch_size=size, **place)
        loader = DataLoader(rows, size, num_workers=workers, collate_fn=list)
        want = in_batches(size, **place)
        assert order(loader) == want
        assert len(loader) == len(want) and len(rows) == sum(map(len, want))


@pytest.mark.parametrize("workers", [0, 3])
def test_on_from_a_place_in_a_plain_loader(workers: int) -> None:
    want = in_batches(4, shuffle=3)
    for before in (0, 5, 16):
        rows = DS.iterable(batch_size=4, shuffle=3)
        head = order(itertools.islice(DataLoader(rows, 4, num_workers=workers, collate_fn=list), before))
        state = json.loads(json.dumps(rows.state_after(before)))
        fresh = DS.iterable(batch_size=4, shuffle=3)
        fresh.load_state_dict(state)
        loader = DataLoader(fresh, 4, num_workers=workers, collate_fn=list)
        assert len(loader) == len(want)
        assert head + order(loader) == want
        fresh.set_epoch(1)
        assert order(loader) == in_batches(4, shuffle=3, epoch=1)


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_on_from_a_place_in_a_stateful_loader(workers: int) -> None:
    stateful = pytest.importorskip("torchdata.stateful_dataloader").StatefulDataLoader
    own = 6  # another batch size than the loader's, so that states are in the middle of a batch
    want = order(stateful(DS.iterable(batch_size=own, shuffle=3), 4, num_workers=workers, collate_fn=list))
    assert sorted(itertools.chain(*want)) == list(range(ROWS))
    for before in (1, 6):
        loader = stateful(DS.iterable(batch_size=own, shuffle=3), 4, num_workers=workers, collate_fn=list)
        batches = iter(loader)
        head = order(itertools.islice(batches, before))
        state = pickle.loads(pickle.dumps(loader.state_dict()))
        fresh = stateful(DS.iterable(batch_size=own, shuffle=3), 4, num_workers=workers, collate_fn=list)
        fresh.load_state_dict(state)
        assert head + order(fresh) == want
        assert order(fresh) == want


def test_state_without_workers_in_mid_batch() -> None:
    rows = DS.iterable(batch_size=7, shuffle=3)
    want = [row["index"] for row in rows]
    for before in (0, 1, 7, 20, ROWS):
        rows = DS.iterable(batch_size=7, shuffle=3)
        head = [row["index"] for row in itertools.islice(iter(rows), before)]
        fresh = DS.iterable(batch_size=5, shuffle=3)
        fresh.load_state_dict(rows.state_dict())
        assert head + [row["index"] for row in fresh] == want
        assert [row["index"] for row in fresh] == want


def test_the_ranks_of_a_launcher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "3")
    assert [row["index"] for row in DS.iterable()] == list(range(1, ROWS, 3))
    monkeypatch.setenv("RANK", "one")
    with pytest.raises(sos.RequestError, match="RANK"):
        DS.iterable()
    with pytest.raises(sos.RequestError, match="give both or neither"):
        DS.iterable(rank=1)


def test_states_of_other_rows_or_workers_are_refused() -> None:
    rows = DS.iterable(batch_size=4, shuffle=3)
    with pytest.raises(sos.RequestError, match="of other rows"):
        rows.load_state_dict(DS.iterable(shuffle=4).state_dict())
    state = rows.state_dict() | {"worker": 1, "workers": 2, "taken": 3}
    rows.load_state_dict(state)
    with pytest.raises(sos.RequestError, match="worker 1 of 2; this is worker 0 of 1"):
        next(iter(rows))


def test_shaped_rows_make_batches_of_texts() -> None:
    shaped = DS.shaped("sft")
    (batch,) = DataLoader(shaped, ROWS)
    assert batch == {"prompt": [r["prompt"] for r in DS], "completion": [r["completion"] for r in DS]}
    stream = shaped.iterable(batch_size=10, shuffle=2)
    texts = [text for batch in DataLoader(stream, 10, num_workers=2) for text in batch["completion"]]
    assert texts == [DS[index]["completion"] for index in itertools.chain(*in_batches(10, shuffle=2))]
