"""Questions as reasoning-gym has them, in every environment, and their scores."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

import stream_of_search as sos
from stream_of_search.procedural import ProceduralDataset


def questions(dataset: ProceduralDataset) -> list[str]:
    return [item["question"] for item in dataset]


@pytest.mark.parametrize("name", sos.environments())
def test_every_environment(name: str) -> None:
    dataset = sos.create_dataset(name, seed=1)
    assert len(dataset) == 500
    others = dataset[10:14]
    for index, item in enumerate(dataset[:4]):
        assert set(item) == {"question", "answer", "metadata"}
        assert item["metadata"]["source_dataset"] == name and item["metadata"]["source_index"] == index
        assert json.loads(json.dumps(item)) == item == dataset[index]
        assert item["answer"] not in item["question"]
        for text in (item["answer"], f"<think>{others[0]['answer']}</think> <answer>{item['answer']}</answer>"):
            assert dataset.score_answer(text, item) == sos.score_answer(text, item) == 1.0
        for text in ("", "no", item["question"], None, "<answer></answer>", "\ud800", "0" * 10_000):
            score = dataset.score_answer(text, item)
            assert score == 0.0 and isinstance(score, float)
    # The answer of another question is judged by the rules of this one, as the checker of the program does.
    for item, other in zip(dataset[:4], others, strict=True):
        puzzle = sos.Puzzle(name, item["metadata"]["puzzle"])
        assert dataset.score_answer(other["answer"], item) == sos.check(puzzle, other["answer"], read="answer").reward


def test_any_right_answer_counts_and_no_wrong_one() -> None:
    dataset = sos.create_dataset("countdown", size=1, seed=4)
    entry: dict[str, Any] = {
        "question": "",
        "answer": None,
        "metadata": {"source_dataset": "countdown", "puzzle": {"numbers": [3, 5, 7], "target": 22}},
    }
    for right in ("3 * 5 + 7", "7 + 5*3 = 22", "<answer>(5 * 3) + 7</answer>", r"So \boxed{7 + 3 \times 5}", "5*3=15, 15+7=22"):
        assert dataset.score_answer(right, entry) == 1.0
    for wrong in ("3 * 5 + 7 + 0", "22", "3 + 5 + 7 + 7", "3 * 5 + 7 = 23", "no solution", "3*5+7 or 3+5+7"):
        assert dataset.score_answer(wrong, entry) == 0.0


def test_neighbouring_seeds_share_no_more_than_chance() -> None:
    rows = [questions(sos.create_dataset("countdown", size=300, seed=seed)) for seed in range(5)]
    assert all(len(set(of)) == 300 for of in rows)
    puzzles = [{json.dumps(item["metadata"]["id"]) for item in sos.create_dataset("countdown", size=300, seed=s)} for s in range(5)]
    for seed, own in enumerate(puzzles):
        for other in puzzles[seed + 1 :]:
            assert len(own & other) <= 2  # 0.1 are expected of 830,000 puzzles; reasoning-gym shares 299
    assert questions(sos.create_dataset("countdown", size=300, seed=3)) == rows[3]


def test_a_seed_is_drawn_and_told() -> None:
    first, second = sos.create_dataset("maze", size=5), sos.create_dataset("maze", size=5)
    assert first.seed != second.seed and questions(first) != questions(second)
    assert questions(sos.create_dataset("maze", size=5, seed=first.seed)) == questions(first)
    assert questions(pickle.loads(pickle.dumps(first))) == questions(first)


def test_size_does_not_change_items() -> None:
    small, large = (sos.create_dataset("pancake", size=size, seed=2) for size in (10, 1000))
    assert small[:] == large[:10] and small[-1] == small[9]
    assert len(sos.create_dataset("pancake", size=0, seed=2)[:]) == 0
    for index in (10, -11):
        with pytest.raises(IndexError):
            small[index]


def test_settings_are_those_of_the_environment() -> None:
    item = sos.create_dataset("countdown", size=1, seed=1, sizes={"min": 6, "max": 6}, targets={"min": 500, "max": 600})[0]
    assert len(item["metadata"]["puzzle"]["numbers"]) == 6 and 500 <= item["metadata"]["puzzle"]["target"] <= 600
    assert item["metadata"]["difficulty"]["sizes"] == {"min": 6, "max": 6}
    levels = [sos.create_dataset("countdown", size=1, seed=1, level=level)[0]["metadata"] for level in ("easy", "hard")]
    assert len(levels[0]["puzzle"]["numbers"]) < len(levels[1]["puzzle"]["numbers"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("countdwn",), "countdown"),
        (("",), "environment"),
        ((None,), "environment"),
        (("countdown", 10, 1, {"sises": 3}), "sizes"),
        (("countdown", 10, 1, {"sizes": {"min": 9, "max": 9}}), "max <= 8"),
        (("countdown", 10, 1, {"level": object()}), "level"),
        (("river-crossing", 10**6, 1), "holds"),
    ],
)
def test_wrong_names_and_settings_are_told(arguments: tuple[Any, ...], words: str) -> None:
    *rest, settings = arguments if isinstance(arguments[-1], dict) else (*arguments, {})
    with pytest.raises(sos.RecipeError, match=words):
        sos.create_dataset(*rest, **settings)


@pytest.mark.parametrize(("size", "seed"), [(-1, 1), ("5", 1), (5, -1), (5, "a"), (5, 2**64), (None, 1)])
def test_wrong_sizes_and_seeds_are_told(size: Any, seed: Any) -> None:
    with pytest.raises(sos.RequestError, match="size|seed"):
        sos.create_dataset("countdown", size, seed)


@pytest.mark.parametrize("entry", [None, {}, {"metadata": None}, {"metadata": {"puzzle": {}}}, "entry", []])
def test_wrong_entries_are_told(entry: Any) -> None:
    with pytest.raises(sos.RequestError, match="entry"):
        sos.score_answer("1", entry)
    broken = {"metadata": {"source_dataset": "countdown", "puzzle": {"numbers": "x"}}}
    with pytest.raises(sos.RequestError):
        sos.score_answer("1", broken)
