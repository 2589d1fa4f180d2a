"""Batches: every row exactly once over all ranks, in an order of its own in each epoch, and on from any place."""

from __future__ import annotations

import itertools
import json
import pickle
import signal
import threading
import time
from collections import Counter

import pytest

import stream_of_search as sos

ROWS = 103
DS = sos.load("countdown", config="optimal", count=ROWS)
SIZES = [(1, 1), (3, 7), (4, 10), (5, 200), (150, 2)]


def indices(batches: sos.Batches) -> list[int]:
    return [index for batch in batches for index in batch.column("index")]


@pytest.mark.parametrize("shuffle", [None, 0, 2**64 - 1])
@pytest.mark.parametrize(("world", "size"), SIZES)
def test_every_row_once_over_all_ranks(world: int, size: int, shuffle: int | None) -> None:
    ranks = [DS.batches(size, shuffle=shuffle, rank=rank, world_size=world) for rank in range(world)]
    lengths = [len(rank) for rank in ranks]
    taken = [[len(batch) for batch in pickle.loads(pickle.dumps(rank))] for rank in ranks]
    assert [len(of) for of in taken] == lengths
    assert all(rows == size for of in taken for rows in of[:-1])
    got = [indices(rank) for rank in ranks]
    assert sorted(itertools.chain(*got)) == list(range(ROWS))
    assert max(map(len, got)) - min(map(len, got)) <= 1


@pytest.mark.parametrize(("world", "size"), SIZES)
def test_padded_and_dropped(world: int, size: int) -> None:
    padded = [indices(DS.batches(size, shuffle=1, rank=rank, world_size=world, pad=True)) for rank in range(world)]
    assert {len(rank) for rank in padded} == {-(-ROWS // world)}
    counts = Counter(itertools.chain(*padded))
    assert set(counts) == set(range(ROWS)) and max(counts.values()) <= -(-world // ROWS) + 1
    assert sum(counts.values()) < ROWS + world
    dropped = [DS.batches(size, shuffle=1, rank=rank, world_size=world, drop_last=True) for rank in range(world)]
    assert len({len(rank) for rank in dropped}) == 1
    assert len(dropped[0]) == ROWS // world // size
    got = [[len(batch) for batch in rank] for rank in dropped]
    assert got == [[size] * len(dropped[0])] * world


def test_an_epoch_has_an_order_of_its_own_whatever_the_threads_and_sizes() -> None:
    orders = [indices(DS.batches(10, shuffle=seed, epoch=epoch)) for seed in (1, 2) for epoch in (0, 1)]
    assert len({tuple(order) for order in orders}) == 4
    assert indices(DS.batches(1, shuffle=1, threads=5)) == indices(DS.batches(64, shuffle=1)) == orders[0]
    assert list(range(ROWS)) == indices(DS.batches(9, threads=3))
    # Neighbours in the order are no neighbours in the split.
    near = sum(abs(a - b) < 3 for a, b in itertools.pairwise(orders[0]))
    assert near < 20
    batches = DS.batches(10, shuffle=1)
    assert indices(batches) == orders[0] and indices(batches) == []
    batches.set_epoch(1)
    assert indices(batches) == orders[1]


def test_rows_of_a_shuffled_batch_are_those_of_their_index() -> None:
    for batch in DS.batches(30, shuffle=9):
        assert batch.to_pylist() == [DS[index] for index in batch.column("index")]


@pytest.mark.parametrize("options", [{}, {"drop_last": True}, {"pad": True}, {"pad": True, "drop_last": True}])
@pytest.mark.parametrize(("world", "size"), [(1, 10), (3, 4), (2, 60)])
def test_resume_in_mid_epoch(world: int, size: int, options: dict[str, bool]) -> None:
    for rank in range(world):
        arguments = {"shuffle": 4, "rank": rank, "world_size": world, "epoch": 2} | options
        whole = indices(DS.batches(size, **arguments))
        for before in range(len(DS.batches(size, **arguments)) + 1):
            batches = DS.batches(size, threads=2, **arguments)
            head = [index for _ in range(before) for index in next(batches).column("index")]
            state = json.loads(json.dumps(batches.state_dict()))
            copied = pickle.loads(pickle.dumps(batches))
            fresh = DS.batches(size, **(arguments | {"epoch": 0}))
            fresh.load_state_dict(state)
            assert len(fresh) == len(batches)
            assert head + indices(fresh) == head + indices(copied) == head + indices(batches) == whole


def test_another_number_of_ranks_goes_on_from_a_state() -> None:
    ranks = [DS.batches(5, shuffle=4, rank=rank, world_size=4) for rank in range(4)]
    head = [index for rank in ranks for _ in range(3) for index in next(rank).column("index")]
    states = [rank.state_dict() for rank in ranks]
    assert all(state == states[0] for state in states)
    rest = []
    for rank in range(3):
        batches = DS.batches(8, shuffle=4, rank=rank, world_size=3)
        batches.load_state_dict(states[0])
        rest += indices(batches)
    assert sorted(head + rest) == list(range(ROWS))


def test_states_of_other_rows_are_refused() -> None:
    state = DS.batches(5, shuffle=4).state_dict()
    others = [
        sos.load("countdown", config="search", count=ROWS).batches(5, shuffle=4),
        sos.load("countdown", config="optimal", count=ROWS, seed=8).batches(5, shuffle=4),
        sos.load("countdown", config="optimal", split="test", count=ROWS).batches(5, shuffle=4),
        DS.batches(5, shuffle=5),
        DS.batches(5),
        DS.batches(5, shuffle=4, rows=ROWS - 1),
    ]
    for other in others:
        with pytest.raises(sos.RequestError, match="of other rows"):
            other.load_state_dict(state)
    batches = DS.batches(5, shuffle=4)
    for wrong in ({}, None, [], state | {"done": -1}, state | {"epoch": "a"}, state | {"done": None}):
        with pytest.raises(sos.RequestError, match="state"):
            batches.load_state_dict(wrong)  # type: ignore[arg-type]
    assert indices(batches) == indices(DS.batches(5, shuffle=4))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"size": 0}, "size: found 0"),
        ({"size": -1}, "size: found -1"),
        ({"size": 2.5}, "size: found 2.5"),
        ({"size": 2**64}, "size: found 18446744073709551616"),
        ({"size": 5, "rank": 1}, "rank: found 1; allowed are whole numbers from 0 to 0"),
        ({"size": 5, "rank": -1, "world_size": 2}, "rank: found -1"),
        ({"size": 5, "world_size": 0}, "world_size: found 0"),
        ({"size": 5, "shuffle": True, "epoch": -1}, "epoch: found -1"),
        ({"size": 5, "shuffle": "seed"}, "shuffle: found 'seed'"),
        ({"size": 5, "threads": 0}, "threads: found 0"),
        ({"size": 5, "rows": 10**9}, "rows: found 1000000000; the split's puzzles are enough for"),
    ],
)
def test_wrong_arguments_are_told(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(sos.RequestError, match=words):
        DS.batches(**arguments)  # type: ignore[arg-type]


def test_huge_batches_and_worlds_and_none_at_all() -> None:
    most = 2**64 - 1
    assert indices(DS.batches(most)) == list(range(ROWS))
    assert indices(DS.batches(most, rank=most - 1, world_size=most)) == []
    assert indices(DS.batches(most, rank=2, world_size=most, shuffle=1)) == [indices(DS.batches(1, shuffle=1))[2]]
    empty = sos.load("countdown", count=0)
    for options in ({}, {"shuffle": 1}, {"pad": True, "shuffle": 1}, {"drop_last": True}):
        assert indices(empty.batches(3, **options)) == [] and len(empty.batches(3, **options)) == 0
    assert list(empty) == [] and empty[:] == []


def test_more_rows_than_the_recipe_asks_for() -> None:
    more = sos.load("countdown", config="optimal", count=500)
    assert indices(DS.batches(50, rows=500)) == list(range(500))
    assert indices(DS.batches(50, rows=500, shuffle=3)) == indices(more.batches(50, shuffle=3))
    got = [row for batch in DS.batches(100, rows=500) for row in batch.to_pylist()]
    assert got == list(more)


def test_two_threads_share_an_iterator() -> None:
    batches = DS.batches(1, threads=2)
    parts: list[list[int]] = [[] for _ in range(4)]
    threads = [threading.Thread(target=lambda part=part: part.extend(indices(batches))) for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(itertools.chain(*parts)) == list(range(ROWS))
    assert batches.state_dict()["done"] == ROWS


def test_a_stream_goes_on_until_the_puzzles_run_out() -> None:
    ds = sos.load("game-24", config="optimal", count=10)
    rows = list(ds.stream())
    assert len(rows) == ds.capacity > 10
    assert [row["index"] for row in rows] == list(range(ds.capacity))
    assert len({row["twin"] for row in rows}) == ds.capacity
    assert rows == sos.load("game-24", config="optimal", count=ds.capacity)[:]
    parts = [list(ds.stream(100, rank, 3)) for rank in range(3)]
    assert [row for some in itertools.zip_longest(*parts) for row in some if row] == rows[100:]
    assert list(ds.stream(ds.capacity)) == list(ds.stream(2**64 - 1)) == []
    endless = sos.load("n-queens").stream(10**15)
    assert next(endless)["index"] == 10**15


def test_a_stream_goes_on_from_its_place() -> None:
    ds = sos.load("countdown", config="optimal")
    for before in (0, 1, 63, 64, 65, 200):
        stream = ds.stream(50, 1, 2)
        head = [next(stream)["index"] for _ in range(before)]
        state, copied = json.loads(json.dumps(stream.state_dict())), pickle.loads(pickle.dumps(stream))
        fresh = ds.stream(0, 1, 2)
        fresh.load_state_dict(state)
        want = list(range(51 + 2 * before, 51 + 2 * before + 200, 2))
        for rest in (fresh, copied, stream):
            assert [row["index"] for row in itertools.islice(rest, 100)] == want
        assert head == list(range(51, 51 + 2 * before, 2))
    with pytest.raises(sos.RequestError):
        ds.stream().load_state_dict(sos.load("countdown").stream().state_dict())


def test_an_interrupt_ends_the_waiting_and_loses_nothing() -> None:
    ds = sos.load("sokoban", count=4000)
    batches = ds.batches(4000)
    alarm = threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT))
    alarm.start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        next(batches)
    assert time.monotonic() - started < 5
    assert batches.state_dict()["done"] == 0
    alarm = threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT))
    alarm.start()
    with pytest.raises(KeyboardInterrupt):
        ds.take(range(4000))
