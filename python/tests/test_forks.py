"""A process may fork while threads of the package work, also where rules in Python call the package themselves."""

from __future__ import annotations

import os
import signal
import threading

import own_environments
import stream_of_search as sos

INNER = sos.load("countdown", "optimal", count=4)


class Nested(own_environments.Jugs):
    """Its rules make a row of another environment."""

    name = "py-nested-jugs"

    def moves(self, state):
        assert INNER[0]["env"] == "countdown"
        return super().moves(state)


def child() -> None:
    """Makes a row and scores a text in a child, which an alarm ends where it hangs."""
    signal.alarm(60)
    row = sos.load("countdown", "optimal", count=4)[1]
    score = sos.score_many([row["completion"]], row, read="trace")[0]
    report = sos.score([{**row, "text": row["prompt"] + row["completion"]}])
    os._exit(0 if score.valid and report.solved == 1.0 else 1)


def test_a_process_forks_while_nested_rules_and_scores_are_at_work() -> None:
    rows = sos.load(
        {
            "name": "nested",
            "seed": 1,
            "dialect": "compact",
            "environment": {"name": "py-nested-jugs", "level": "easy"},
            "searches": [{"kind": "bfs"}],
            "splits": {"train": {"rows": 100_000}},
            "records": [{"kind": "search"}],
        }
    )
    texts = INNER[:]
    stop = threading.Event()

    def make() -> None:
        while not stop.is_set():
            for _ in zip(range(3), rows.batches(2, threads=2)):
                pass

    def score() -> None:
        while not stop.is_set():
            assert all(sos.score_many([row["completion"] for row in texts] * 50, texts * 50, read="trace", threads=2).valid)

    def total() -> None:
        row = rows[0]
        while not stop.is_set():
            assert sos.score([{**row, "text": row["prompt"] + row["completion"]}] * 50, threads=2).solved == 1.0

    threads = [threading.Thread(target=work, daemon=True) for work in (make, score, total)]
    for thread in threads:
        thread.start()
    ended = []
    for _ in range(10):
        process = os.fork()
        if process == 0:
            child()
        ended.append(os.waitpid(process, 0)[1])
    stop.set()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert ended == [0] * 10
