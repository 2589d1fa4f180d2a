"""A task for lm-evaluation-harness, run by it on a folder of rows with a model that we script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

lm_eval = pytest.importorskip("lm_eval")

from lm_eval.api.model import LM  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402

import stream_of_search as sos  # noqa: E402
from stream_of_search.integrations import rows  # noqa: E402
from stream_of_search.integrations.lm_eval import write_task  # noqa: E402


class Scripted(LM):
    """A model that gives to each prompt its reply."""

    def __init__(self, replies: dict[str, str]) -> None:
        super().__init__()
        self.replies = replies
        self.asked: list[str] = []

    def generate_until(self, requests: list[Any], **_: Any) -> list[str]:
        self.asked = [request.args[0] for request in requests]
        return [self.replies[prompt] for prompt in self.asked]

    def loglikelihood(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError

    def loglikelihood_rolling(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lm-eval")
    sos.generate("rl-countdown", folder / "data", count={"train": 2, "validation": 2, "test": 6}, progress=False)
    return folder


def evaluate(folder: Path, config: str, replies: dict[str, str]) -> dict[str, Any]:
    path = write_task(folder / "data", folder / config, f"countdown_{config}", config=config)
    assert path.is_file()
    tasks = TaskManager(include_path=str(folder / config), include_defaults=False)
    model = Scripted(replies)
    found = lm_eval.simple_evaluate(model=model, tasks=[f"countdown_{config}"], task_manager=tasks, bootstrap_iters=0)
    assert len(model.asked) == 6
    return found["results"][f"countdown_{config}"]


def test_the_metric_is_the_share_of_solved_puzzles(folder: Path) -> None:
    dataset = sos.load("rl-countdown", "rl", "test", count=6)
    asked = ["\n\n".join(turn["content"] for turn in row["prompt"]) for row in dataset]
    right = [rows.right_reply(row) for row in dataset]
    assert evaluate(folder, "rl", dict(zip(asked, right, strict=True)))["solved,none"] == 1.0
    half = [reply if place % 2 else f"I think {reply[:9]}" for place, reply in enumerate(right)]
    found = evaluate(folder, "rl", dict(zip(asked, half, strict=True)))
    assert found["solved,none"] == 0.5 and found["valid,none"] <= 0.5
    foreign = right[1:] + right[:1]
    assert evaluate(folder, "rl", dict(zip(asked, foreign, strict=True)))["solved,none"] == 0.0
