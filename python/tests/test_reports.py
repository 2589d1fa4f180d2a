"""Totals over rollouts: those of `sos score`."""

from __future__ import annotations

import json
import pickle
from math import comb
from pathlib import Path

import pytest

import stream_of_search as sos


def rollouts() -> list[dict]:
    """Four rollouts of each of six puzzles, in passes over the puzzles: puzzle n is solved n % 5 times."""
    rows = sos.load("rl-countdown")[:6]
    texts = lambda place, sample: rows[place]["answer"] if sample < place % 5 else "I do not know"
    return [
        {"env": row["env"], "puzzle": row["puzzle"], "read": "answer", "text": texts(place, sample), "model": "é\ud800", "none": None}
        for sample in range(4)
        for place, row in enumerate(rows)
    ]


def test_totals_of_rows() -> None:
    given = rollouts()
    report = sos.score(given, k=[1, 4])
    solved = [place % 5 for place in range(6)]
    assert report.count == 24 and report.groups == 6
    assert report.solved == pytest.approx(sum(solved) / 24) and report.solved.low <= report.solved <= report.solved.high
    for k in (1, 2, 4):
        expected = sum(1 - comb(4 - right, k) / comb(4, k) for right in solved) / 6
        assert report.pass_at[k] == pytest.approx(expected)
    # The rows come in their own order, with the numbers of score_many.
    scores = sos.score_many([row["text"] for row in given], given)
    assert report.rows == scores
    assert report.first_errors == {"malformed": 24 - sum(solved)} and report.unreadable == {}
    assert report.json["solved"]["mean"] == report.solved
    assert pickle.loads(pickle.dumps(report)) == report and pickle.loads(pickle.dumps(report.solved)).low == report.solved.low
    assert repr(sos.Mean(0.5, 0.25, 0.75)) == "0.5000 [0.2500, 0.7500]"


def test_totals_of_a_file_and_of_a_dataset(tmp_path: Path) -> None:
    given = rollouts()
    path = tmp_path / "-rollouts.jsonl"
    path.write_text("".join(json.dumps({**row, "model": "m", "none": 0}) + "\n" for row in given))
    assert sos.score(path).json == sos.score(given).json
    sos.generate("rl-countdown", tmp_path / "data", count={"train": 6, "test": 0, "validation": 0}, progress=False)
    named = [{"id": sos.Puzzle.from_row(row).id, "text": row["text"]} for row in given]
    report = sos.score(named, tmp_path / "data", read="answer")
    assert report.solved == sos.score(given).solved and report.rows.id == [row["id"] for row in named]


def test_rows_that_cannot_be_read_are_counted() -> None:
    given = rollouts()[:2] + [{"env": "countdwn", "puzzle": "{}", "text": "x"}]
    report = sos.score(given)
    assert report.unreadable == {"env": 1} and report.rows[2].error.startswith("env: found") and not report.rows[2].solved
    assert sos.score([]).count == 0


def test_wrong_calls(tmp_path: Path) -> None:
    for call, error, words in [
        (lambda: sos.score(tmp_path / "none.jsonl"), sos.FolderError, "No such file"),
        (lambda: sos.score([{"env": "x"}]), sos.RequestError, "none of 1 rows can be read"),
        (lambda: sos.score(rollouts(), k=[8]), sos.RequestError, "k: found 8; known for these rollouts: 1, 2, 4"),
        (lambda: sos.score(rollouts(), read="x"), sos.RequestError, "--read"),
        (lambda: sos.score([3]), sos.RequestError, "row 0: found int"),
        (lambda: sos.score([{"env": object()}]), sos.RequestError, "row 0"),
        (lambda: sos.score({"env": "countdown"}), sos.RequestError, "one dict"),
        (lambda: sos.score(rollouts(), search="dfss"), sos.RequestError, "dfs"),
    ]:
        with pytest.raises(error, match=words):
            call()
