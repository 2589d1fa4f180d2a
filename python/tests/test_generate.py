"""Datasets in folders: the bytes of the program, and interrupts that lose nothing."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import stream_of_search as sos

COUNT = {"train": 300, "test": 20, "validation": 20}


def digests(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_bytes_are_those_of_the_program(tmp_path: Path) -> None:
    done = sos.generate("countdown", tmp_path / "python", count=COUNT, format="jsonl", progress=False)
    assert done["complete"] and done["rows_written"] == 3 * sum(COUNT.values())
    counts = [text for name, rows in COUNT.items() for text in ("--count", f"{name}={rows}")]
    command = [sys.executable, "-m", "stream_of_search", "generate", "countdown", "--out", str(tmp_path / "program"), "--format", "jsonl", "-q", *counts]
    subprocess.run(command, check=True)
    assert digests(tmp_path / "python") == digests(tmp_path / "program")
    lines = (tmp_path / "python/optimal/train-00000-of-00001.jsonl").read_text(encoding="utf-8").splitlines()
    assert sos.load("countdown", "optimal", count=300)[:] == [json.loads(line) for line in lines]


def test_an_interrupt_keeps_complete_files(tmp_path: Path) -> None:
    def call(folder: str) -> dict[str, object]:
        return sos.generate("countdown", tmp_path / folder, count={"train": 20_000, "test": 0, "validation": 0}, rows_per_file=500, progress=False)

    def interrupt() -> None:
        # However slow the machine is: at the first file that is complete.
        while not any((tmp_path / "data").glob("*/*.parquet")):
            time.sleep(0.01)
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=interrupt, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        call("data")
    there = len(list((tmp_path / "data").glob("*/*.parquet")))
    assert not (tmp_path / "data/manifest.json").exists()
    done = call("data")
    assert done["complete"] and done["files_kept"] == there > 0
    call("whole")
    assert digests(tmp_path / "data") == digests(tmp_path / "whole")


def test_progress_is_told_and_errors_of_it_reach_the_caller(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    sos._core.generate("countdown", str(tmp_path / "told"), list(COUNT.items()), [], progress=lambda done, rows: told.append((done, rows)))
    assert told[-1] == (1020, 1020) and told == sorted(told)

    def fails(done: int, rows: int) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        sos._core.generate("countdown", str(tmp_path / "fails"), [("train", 50_000)], [], progress=fails)


def test_wrong_calls_are_told(tmp_path: Path) -> None:
    sos.generate("countdown", tmp_path / "data", count=COUNT, progress=False)
    with pytest.raises(sos.RequestError, match="seed is 42 there and 43 here|made from another request|differ"):
        sos.generate("countdown", tmp_path / "data", count=COUNT, seed=43, progress=False)
    with pytest.raises(sos.RecipeError, match='found "trian"; the recipe has'):
        sos.generate("countdown", tmp_path / "other", count={"trian": 3}, progress=False)
    with pytest.raises(sos.RequestError, match="format"):
        sos.generate("countdown", tmp_path / "other", format="csv", progress=False)
