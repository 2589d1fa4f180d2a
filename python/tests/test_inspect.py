"""The task for Inspect AI, which may need an interpreter environment of its own: elsewhere these tests are skipped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

inspect_ai = pytest.importorskip("inspect_ai")

from inspect_ai.model import ModelOutput, ModelUsage, get_model  # noqa: E402

import stream_of_search as sos  # noqa: E402
from stream_of_search.integrations import rows  # noqa: E402
from stream_of_search.integrations.inspect_ai import puzzles  # noqa: E402


def accuracy(task: Any, replies: list[str], folder: Path) -> tuple[float, list[Any]]:
    """Runs a task with a model that says these replies, in their order."""
    outputs = []
    for reply in replies:
        output = ModelOutput.from_content("mockllm/model", reply)
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        outputs.append(output)
    model = get_model("mockllm/model", custom_outputs=outputs)
    [log] = inspect_ai.eval(task, model=model, max_samples=1, max_connections=1, log_dir=str(folder), display="none")
    assert log.status == "success", log.error
    return log.results.scores[0].metrics["accuracy"].value, log.samples


def test_the_score_is_the_share_of_right_replies(tmp_path: Path) -> None:
    dataset = sos.load("rl-countdown", split="test", count=4)
    right = [rows.right_reply(row) for row in dataset]
    options = {"split": "test", "count": 4}
    assert accuracy(puzzles("rl-countdown", **options), right, tmp_path)[0] == 1.0
    # Each reply is the answer of the next puzzle.
    assert accuracy(puzzles("rl-countdown", **options), right[1:] + right[:1], tmp_path)[0] == 0.0
    share, samples = accuracy(puzzles("rl-countdown", **options), [right[0], "", "\0🧩", right[3]], tmp_path)
    assert share == 0.5
    assert [sample.scores["solved"].value for sample in samples] == ["C", "I", "I", "C"]
    assert [turn.content for turn in samples[0].input] == [turn["content"] for turn in dataset[0]["prompt"]]


def test_rows_of_a_recipe_without_questions_are_asked_in_words(tmp_path: Path) -> None:
    given = sos.load("hanoi", split="test", count=2)
    share, samples = accuracy(puzzles(given), [rows.right_reply(row) for row in given], tmp_path)
    assert share == 1.0 and "<answer>" in samples[0].input[0].content


def test_rows_of_a_folder(tmp_path: Path) -> None:
    count = {"train": 2, "test": 3, "test_large": 1}
    sos.generate("rl-maze", tmp_path / "data", count=count, format="jsonl", progress=False)
    [path] = (tmp_path / "data" / "rl").glob("test-*.jsonl")
    given = [json.loads(line) for line in path.read_text().splitlines()]
    assert accuracy(puzzles(given), [rows.right_reply(row) for row in given], tmp_path)[0] == 1.0
