"""The taskset for verifiers, which needs an interpreter environment of its own: elsewhere these tests are skipped."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

vf = pytest.importorskip("verifiers.v1")
sys.path.insert(0, str(Path(__file__).parents[1] / "verifiers_taskset"))

from verifiers.v1.utils.loaders import load_taskset, taskset_class  # noqa: E402

import stream_of_search as sos  # noqa: E402
from stream_of_search.integrations import rows  # noqa: E402
from stream_of_search.integrations.verifiers import PuzzleConfig  # noqa: E402

ID = "stream_of_search_taskset"


def taskset(**settings: object) -> vf.Taskset:
    return load_taskset(PuzzleConfig(id=ID, **settings))


def paid(task: vf.Task, reply: str) -> float:
    """The reward of a reply, by verifiers' own scoring."""
    trace = vf.Trace(task={"type": type(task).__name__, "data": task.data}, agent={"config": {}})
    trace.root_reply = reply
    asyncio.run(task.score(trace))
    return trace.reward


def test_the_package_is_found_by_its_id() -> None:
    assert taskset_class(ID).__name__ == "PuzzleTaskset"
    assert taskset_class("owner/stream-of-search-taskset@1").__name__ == "PuzzleTaskset"


def test_tasks_are_the_rows_of_the_recipe() -> None:
    tasks = list(taskset(recipe="rl-maze", split="test", count=5))
    expected = sos.load("rl-maze", split="test", count=5)
    assert [task.data.id for task in tasks] == [row["id"] for row in expected]
    assert [task.data.idx for task in tasks] == [0, 1, 2, 3, 4]
    assert [task.data.prompt for task in tasks] == [row["prompt"][-1]["content"] for row in expected]
    assert tasks[0].data.system_prompt == expected[0]["prompt"][0]["content"]
    assert len({task.key for task in tasks}) == 5


@pytest.mark.parametrize("recipe", ["rl-countdown", "rl-maze", "rl-sudoku", "hanoi", "zebra"])
def test_right_replies_are_paid_and_others_are_not(recipe: str) -> None:
    one, other = itertools.islice(taskset(recipe=recipe, split="test"), 2)
    right, foreign = (rows.right_reply({"env": task.data.env, "puzzle": task.data.puzzle}) for task in (one, other))
    assert paid(one, right) == 1.0
    assert [paid(one, reply) for reply in (foreign, "", "<answer></answer>", "🧩" * 10_000)] == [0.0] * 4
    assert asyncio.run(one.validate(None)) is True


def test_the_program_of_verifiers_validates_the_tasks(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("vf-validate")
    command = [program, ID, "--runtime.type", "subprocess", "-n", "3", "-o", tmp_path]
    paths = os.pathsep.join([str(Path(__file__).parents[1] / "verifiers_taskset"), os.environ.get("PYTHONPATH", "")])
    subprocess.run(command, check=True, capture_output=True, timeout=100, env={**os.environ, "PYTHONPATH": paths})
    [summary] = tmp_path.rglob("summary.json")
    outcomes = json.loads(summary.read_text())["outcomes"]
    assert outcomes["valid"] == 3 and sum(outcomes.values()) == 3


def test_an_infinite_taskset_goes_on_and_is_bounded_by_a_view() -> None:
    endless = taskset(recipe="countdown", count=3, infinite=True)
    assert not endless.bounded and endless.take(10).bounded
    ids = [task.data.id for task in endless.take(10)]
    assert len(set(ids)) == 10
    assert ids[:3] == [row["id"] for row in sos.load("countdown", count=3)]
    with pytest.raises(ValueError, match="infinite"):
        endless.shuffle()
    bounded = taskset(recipe="countdown", count=3)
    assert bounded.bounded and len(list(bounded)) == 3 and len(list(bounded.shuffle(1))) == 3


def test_a_wrong_recipe_is_told() -> None:
    with pytest.raises(sos.RecipeError, match="countdwon"):
        next(iter(taskset(recipe="countdwon")))
