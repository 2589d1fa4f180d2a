"""Totals over rollouts: those of `sos score`."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from math import comb
from pathlib import Path
from typing import Any

import pytest

import stream_of_search as sos

sys.path.insert(0, str(Path(__file__).parent))

import own_environments  # noqa: E402


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


def files_of_checkpoints(folder: Path) -> list[Path]:
    """What three checkpoints wrote for the same puzzles: two, four and six of six are solved, and the last file lacks a puzzle."""
    rows = rollouts()[:6]
    right = [row["answer"] for row in sos.load("rl-countdown")[:6]]
    files = []
    for step, solved in ((20, 4), (10, 2), (30, 6)):
        files.append(folder / f"step-{step}.jsonl")
        told = [{"env": row["env"], "puzzle": row["puzzle"], "read": "answer", "text": right[place] if place < solved else "no"} for place, row in enumerate(rows)]
        files[-1].write_text("".join(json.dumps(row) + "\n" for row in told[: 5 if step == 30 else 6]))
    return files


def test_files_are_compared_with_the_first(tmp_path: Path) -> None:
    found = sos.compare(files_of_checkpoints(tmp_path))
    assert [(file.step, file.count, file.puzzles) for file in found.files] == [(10, 6, 6), (20, 6, 6), (30, 5, 5)]
    assert [file.solved for file in found.files] == pytest.approx([2 / 6, 4 / 6, 1.0])
    assert [(one.step, one.shared, one.wrong_to_right, one.right_to_wrong) for one in found.differences] == [(20, 6, 2, 0), (30, 5, 3, 0)]
    first, second = found.differences
    assert first.solved == pytest.approx(2 / 6) and first.solved.low <= first.solved <= first.solved.high and first.pass_at == {1: first.solved}
    assert second.answer_right == pytest.approx(3 / 5) and second.against == found.files[0].file
    assert (first.only_here, first.only_there, second.only_here) == ([], [], [])
    assert second.only_there == [sos.Puzzle.from_row(rollouts()[5]).id]
    assert pickle.loads(pickle.dumps(found)) == found
    program = [sys.executable, "-m", "stream_of_search", "score", *map(str, files_of_checkpoints(tmp_path)), "--json"]
    done = subprocess.run(program, capture_output=True, check=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
    assert found.json == json.loads(done.stdout)


def test_wrong_calls(tmp_path: Path) -> None:
    for call, error, words in [
        (lambda: sos.score(tmp_path / "none.jsonl"), sos.FolderError, "No such file"),
        (lambda: sos.score([{"env": "x"}]), sos.RequestError, 'rollouts: none of 1 rows can be read; the first: line 1: env: found "x"'),
        (lambda: sos.score(rollouts(), k=[8]), sos.RequestError, "k: found 8; known for these rollouts: 1, 2, 4"),
        (lambda: sos.score(rollouts(), read="x"), sos.RequestError, 'read: found "x"; allowed: trace, answer, auto'),
        (lambda: sos.score(rollouts(), seed=-1), sos.RequestError, "seed: found -1"),
        (lambda: sos.score(rollouts(), threads=-1), sos.RequestError, "threads: found -1"),
        (lambda: sos.score([{"id": "x", "text": ""}], tmp_path), sos.RequestError, "no manifest.json"),
        (lambda: sos.score([3]), sos.RequestError, "row 0: found int"),
        (lambda: sos.score([{"env": object()}]), sos.RequestError, "row 0"),
        (lambda: sos.score({"env": "countdown"}), sos.RequestError, "one dict"),
        (lambda: sos.compare([tmp_path / "none.jsonl"]), sos.RequestError, "files: found 1; send two or more"),
        (lambda: sos.compare(str(tmp_path)), sos.RequestError, "files: found one"),
        (lambda: sos.compare([tmp_path / "none.jsonl"] * 2), sos.FolderError, "No such file"),
        (lambda: sos.compare(["a", "b"], seed=-1), sos.RequestError, "seed: found -1"),
        (lambda: sos.compare(["a", "b"], search="dfss"), sos.RequestError, 'search: found "dfss"'),
        (lambda: sos.score(rollouts(), search="dfss"), sos.RequestError, 'search: found "dfss"; allowed: .*did you mean "dfs"'),
    ]:
        with pytest.raises(error, match=words):
            call()


def test_the_program_says_the_same(tmp_path: Path) -> None:
    """The command `sos score`, in a process of its own: every total, and every row."""
    rows = [{**row, "text": row["prompt"] + row["completion"]} for config in ("search", "corrupted") for row in sos.load("countdown", config=config)[:40]]
    path = tmp_path / "rollouts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{}\n")
    search = {"kind": "dfs"}
    report = sos.score(path, search="dfs", seed=3, threads=2)
    command = [sys.executable, "-m", "stream_of_search", "score", str(path), "--search", json.dumps(search)]
    run = lambda *more: subprocess.run([*command, *more], capture_output=True, check=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)}).stdout
    assert report.json == json.loads(run("--json", "--seed", "3"))
    told = [json.loads(line) for line in run("--rows").splitlines()]
    assert len(told) == len(report.rows) == 81 and "alignment of positions" in report.json["more"]
    for row, scored in zip(told, report.rows, strict=True):
        if "error" in row:
            assert scored.error == f"{row['error']['field']}: {row['error']['message']}" and not scored.solved and scored.id == ""
            continue
        assert scored.id == row["id"]
        for name in ("reward", "solved", "valid", "optimal", "trace_valid", "first_error", "nodes", "steps", "wrong_steps", "claims", "length", "penalty"):
            assert getattr(scored, name) == row[name], name


def jugs() -> tuple[sos.Puzzle, str]:
    """A puzzle of an environment in Python, and a text that solves it."""
    puzzle = sos.Puzzle("py-jugs", {"sizes": [3, 5], "target": 4})
    return puzzle, sos.trace(puzzle, search="bfs", answer=True).text


def test_rollouts_of_an_environment_in_python(tmp_path: Path) -> None:
    puzzle, right = jugs()
    wrong = right[: len(right) // 2]
    own = {"env": puzzle.env, "puzzle": puzzle.puzzle, "dialect": "compact"}
    rows: list[dict[str, Any]] = [{**own, "text": right}, {**own, "text": wrong}, *rollouts()[:4]]
    report = sos.score(rows, k=[1])
    assert report.rows.solved[:2] == [True, False] and report.rows.first_error[0] is None is not report.rows.first_error[1]
    assert report.rows.id[:2] == [puzzle.id] * 2 and report.rows.error == [None] * 6 and report.groups == 5
    for read in ("trace", "auto"):
        many = sos.score_many([row["text"] for row in rows[:2]], puzzle, read=read, dialect="compact")
        assert list(sos.score([{**row, "read": read} for row in rows[:2]]).rows) == list(many)
    # A dataset of the environment, whose rows are named by id.
    recipe = {
        "name": "own",
        "dialect": "compact",
        "answer": True,
        "environment": {"name": "py-jugs", "level": "easy"},
        "searches": [{"kind": "bfs"}],
        "splits": {"train": {"rows": 20}},
        "records": [{"kind": "search"}, {"kind": "corrupted", "corruption": {"count": 1, "kinds": [{"kind": "illegal-move"}]}}],
    }
    sos.generate(recipe, tmp_path / "own", progress=False)
    told = [{"id": row["id"], "text": row["completion"]} for config in ("search", "corrupted") for row in sos.load(recipe, config=config)[:20]]
    report = sos.score(told, tmp_path / "own", search="bfs", threads=2)
    assert report.rows.solved[:20] == [True] * 20 and not any(report.rows.valid[20:]) and report.json["more"]["alignment of positions"]["mean"] > 0.5


def test_errors_name_environments_in_python() -> None:
    """Who asks for an environment that there is not reads the names of their own as well."""
    recipe = {
        "name": "x",
        "dialect": "compact",
        "environment": {"name": "py-jgus"},
        "searches": [{"kind": "dfs"}],
        "splits": {"train": {"rows": 1}},
        "records": [{"kind": "search"}],
    }
    for call in [
        lambda: sos.Puzzle("py-jgus", {}),
        lambda: sos.score_many(["x"], [{"env": "py-jgus", "puzzle": "{}"}]),
        lambda: sos.load(recipe),
        lambda: sos.score([{"env": "py-jgus", "puzzle": "{}", "text": "x", "dialect": "compact"}]),
    ]:
        with pytest.raises(sos.SosError) as raised:
            call()
        assert "countdown, " in str(raised.value) and ", py-jugs" in str(raised.value) and "did you mean" in str(raised.value), raised.value
    assert "py-jugs" not in sos.environments()


class Failing(own_environments.Jugs):
    name = "py-failing"

    def moves(self, state: tuple[int, ...]) -> list[tuple[str, int]]:
        raise ZeroDivisionError("of the rules")


def test_an_error_of_the_rules_is_raised(capfd: pytest.CaptureFixture[str]) -> None:
    sos.register(Failing)
    puzzle, right = jugs()
    row = {"env": "py-failing", "puzzle": puzzle.puzzle, "dialect": "compact", "text": right}
    with pytest.raises(sos.RulesError, match="py-failing.moves in .* raised ZeroDivisionError: of the rules") as raised:
        sos.score([row] * 3 + rollouts(), threads=2)
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    # Nothing of it stays, and nothing of it is printed.
    assert sos.score(rollouts()).count == 24 and capfd.readouterr() == ("", "")


def test_an_interrupt_ends_the_work(tmp_path: Path) -> None:
    """SIGINT in the middle of a file that takes minutes: KeyboardInterrupt within seconds, and the process goes on."""
    recipe = {
        "name": "slow",
        "dialect": "compact",
        "environment": {"name": "sliding-tiles", "level": "hard"},
        "searches": [{"kind": "bfs", "max_nodes": 10}],
        "splits": {"train": {"rows": 1}},
        "records": [{"kind": "search"}],
    }
    row = {name: sos.load(recipe)[0][name] for name in ("env", "puzzle", "dialect")}
    path = tmp_path / "rollouts.jsonl"
    path.write_text("".join(json.dumps({**row, "text": "x", "group": f"{group}"}) + "\n" for group in range(5_000)))
    code = f"""
import signal, stream_of_search as sos
signal.signal(signal.SIGINT, signal.default_int_handler)
print("ready", flush=True)
try:
    sos.score({str(path)!r}, search={{"kind": "bfs"}}, threads=1)
except KeyboardInterrupt:
    print("interrupted", sos.score([]).count, flush=True)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": ":".join(sys.path)})
    assert process.stdout is not None and process.stdout.readline() == "ready\n"
    time.sleep(1)
    process.send_signal(2)
    start = time.monotonic()
    out, _ = process.communicate(timeout=60)
    assert out == "interrupted 0\n" and process.returncode == 0 and time.monotonic() - start < 10
