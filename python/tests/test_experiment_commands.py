"""The command of the experiments: what it prints, what it goes on from, what it refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from stream_of_search import RequestError
from stream_of_search.experiments import experiment, results
from stream_of_search.experiments.__main__ import main


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def test_a_pack_that_cannot_be_asked_is_told_before_the_first_step(tmp_path, capfd):
    text = Path(experiment.__file__).with_name("files").joinpath("criteria.toml").read_text()
    # Longer ways have step numbers that no training row has.
    text = text.replace("cost = { max = 9 }", "cost = { min = 14 }").replace("seeds = 1, test = 20", 'seeds = 1, test = 20, arms = ["before", "labels"]')
    path = tmp_path / "criteria.toml"
    path.write_text(text)
    assert main(["run", str(path), "--scale", "smoke", "--out", str(tmp_path)]) == 2
    assert "which no arm was shown" in capfd.readouterr().err
    assert {found.name for found in (tmp_path / "smoke" / "criteria").iterdir()} == {"before-0.jsonl", "before-0.pt", "before-0.model.pt"}


def test_what_the_files_alone_do_not_tell_is_told_by_the_run(tmp_path, capfd):
    text = Path(experiment.__file__).with_name("files").joinpath("comparison.toml").read_text()
    path = tmp_path / "comparison.toml"
    path.write_text(text.replace("context = 512", "context = 64"))
    assert main(["run", str(path), "--scale", "smoke", "--out", str(tmp_path)]) == 2
    assert "are longer than 64 tokens" in capfd.readouterr().err
    assert main(["run", "comparison", "--scale", "smoke", "--seeds", "1", "--out", str(tmp_path)]) == 2
    assert "seeds: found 1; the pack other asks for texts of a model with another seed" in capfd.readouterr().err


def test_the_command_runs_and_goes_on(tmp_path):
    command = [sys.executable, "-m", "stream_of_search.experiments"]
    listed = subprocess.run([*command, "list"], capture_output=True, text=True, check=True)
    assert "path-star" in listed.stdout and "first   6 runs,   25.9 million tokens, about " in listed.stdout
    run = [*command, "run", "path-star", "--scale", "smoke", "--out", str(tmp_path)]
    stopped = subprocess.run([*run, "--hours", "0"], capture_output=True, text=True)
    assert stopped.returncode == 3 and "goes on with the next call" in stopped.stdout
    done = subprocess.run(run, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = results.read(tmp_path / "smoke" / "path-star")
    assert {line.arm for line in found.lines} == {"forwards", "backwards"}


def test_workers_end_with_the_command(tmp_path):
    run = [sys.executable, "-m", "stream_of_search.experiments", "run", "path-star", "--scale", "full", "--out", str(tmp_path), "--jobs", "1"]
    going = subprocess.Popen(run, start_new_session=True)
    try:
        _until(lambda: len(_of_session(going.pid)) > 2, 60)
        going.send_signal(signal.SIGKILL)
        going.wait()
        _until(lambda: not _of_session(going.pid), 30)
    finally:
        for process in _of_session(going.pid):
            os.kill(process, signal.SIGKILL)


def _until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


def _of_session(session):
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


def test_an_unknown_scale_says_which_there_are(capsys):
    assert main(["run", "path-star", "--scale", "huge"]) == 2
    assert "smoke, first, small, full" in capsys.readouterr().err
    with pytest.raises(RequestError, match="there are .*path-star"):
        experiment.read("nothing")


def test_a_reader_that_goes_away_is_no_error() -> None:
    listing = [sys.executable, "-m", "stream_of_search.experiments", "list"]
    with subprocess.Popen(listing, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout and child.stderr
        child.stdout.close()
        assert child.stderr.read() == b"" and child.wait() == 0
