"""Rows in the shapes of trainers: exactly their columns, made of what the row says."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import stream_of_search as sos

ROWS = 12
SEARCH = sos.load("5-search-countdown", config="search", count=ROWS)
RL = sos.load("rl-countdown", config="rl", count=ROWS)
MESSAGES = sos.load("rl-countdown", config="messages", count=ROWS)
CORRECTION = sos.load("6-correction-countdown", config="correction", count=ROWS)
PREFERENCE, UNPAIRED, STEPWISE, GROUP = (
    sos.load("4-groups-countdown", config=config, count=ROWS)
    for config in ("preference", "unpaired", "stepwise", "group")
)
SHAPES = ["lm", "sft", "messages", "preference", "unpaired", "stepwise", "rl", "verl", "nemo-gym"]
FITTING = {
    SEARCH: ["lm", "sft", "messages"],
    MESSAGES: ["sft", "messages"],
    CORRECTION: ["sft", "messages"],
    PREFERENCE: ["preference"],
    UNPAIRED: ["unpaired"],
    STEPWISE: ["stepwise"],
    GROUP: [],
    RL: ["rl", "verl", "nemo-gym"],
}
EVERY = [(ds, shape) for ds, shapes in FITTING.items() for shape in shapes]


def test_shapes_of_texts() -> None:
    for row, text, pair in zip(SEARCH, SEARCH.shaped("lm"), SEARCH.shaped("sft"), strict=True):
        assert text == {"text": row["prompt"] + row["completion"]}
        assert pair == {"prompt": row["prompt"], "completion": row["completion"]}
    for row, turns in zip(SEARCH, SEARCH.shaped("messages"), strict=True):
        assert turns == {
            "messages": [
                {"role": "user", "content": row["prompt"]},
                {"role": "assistant", "content": row["completion"]},
            ]
        }


@pytest.mark.parametrize(
    ("ds", "columns"),
    [
        (PREFERENCE, ["prompt", "chosen", "rejected"]),
        (UNPAIRED, ["prompt", "completion", "label"]),
        (STEPWISE, ["prompt", "completions", "labels"]),
        (MESSAGES, ["messages"]),
        (CORRECTION, ["messages"]),
    ],
)
def test_shapes_that_the_config_has_already(ds: sos.Dataset, columns: list[str]) -> None:
    shaped = ds.shaped("messages" if columns == ["messages"] else ds.config)
    assert list(shaped) == [{name: row[name] for name in columns} for row in ds]
    assert [list(row) for row in shaped] == [columns] * ROWS


def test_a_conversation_trains_its_last_turn_alone() -> None:
    for ds in (MESSAGES, CORRECTION):
        for row, pair in zip(ds, ds.shaped("sft"), strict=True):
            assert pair["prompt"] + pair["completion"] == row["messages"]
            assert [turn["role"] for turn in pair["completion"]] == ["assistant"]
    assert {len(pair["prompt"]) for pair in CORRECTION.shaped("sft")} == {3}


def test_rl_has_what_a_reward_needs_and_no_reserved_name() -> None:
    reserved = {"prompts", "completion", "completions", "completion_ids", "trainer_state", "log_extra", "log_metric"}
    reserved |= {"environment", "environments", "image", "images", "labels", "label", "messages", "input_ids"}
    for row, shaped in zip(RL, RL.shaped("rl"), strict=True):
        assert not reserved & set(shaped)
        assert shaped == {name: row[name] for name in shaped}
        assert sos.check(shaped, row["answer"], read=shaped["read"]).reward == 1.0
        assert sos.check(shaped, "Answer: 1 + 1 = 2.", read=shaped["read"]).reward == 0.0


def test_verl() -> None:
    for row, shaped in zip(RL, RL.shaped("verl"), strict=True):
        assert list(shaped) == ["data_source", "prompt", "ability", "reward_model", "extra_info"]
        assert shaped["data_source"] == "countdown" and shaped["ability"] == "search"
        assert [set(turn) for turn in shaped["prompt"]] == [{"role", "content"}]
        assert set(shaped["reward_model"]) == {"style", "ground_truth"} and shaped["reward_model"]["style"] == "rule"
        request = json.loads(shaped["reward_model"]["ground_truth"])
        assert request == {"env": "countdown", "read": "answer", "puzzle": json.loads(row["puzzle"])}
        info = shaped["extra_info"]
        assert info == {"split": "train", "index": row["index"], "id": row["id"], "difficulty": row["difficulty"]}
        # verl adds these itself.
        assert not {"num_turns", "rollout_reward_scores"} & set(info)


def test_verl_reads_the_file(tmp_path: Path) -> None:
    import pyarrow.parquet

    path = tmp_path / "train.parquet"
    RL.shaped("verl").to_hf().to_parquet(str(path))
    table = pyarrow.parquet.read_table(path)
    assert table.to_pylist() == list(RL.shaped("verl"))
    types = {field.name: str(field.type) for field in table.schema}
    assert types["reward_model"] == "struct<style: string, ground_truth: string>"
    assert types["extra_info"] == "struct<split: string, index: int64, id: string, difficulty: int64>"


def test_nemo_gym(tmp_path: Path) -> None:
    path = tmp_path / "train ü.jsonl"
    RL.shaped("nemo-gym").to_jsonl(path)
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows == list(RL.shaped("nemo-gym"))
    for row, shaped in zip(RL, rows, strict=True):
        assert list(shaped) == ["responses_create_params", "question", "answer", "metadata"]
        assert shaped["responses_create_params"] == {"input": row["prompt"]}
        assert shaped["question"] == row["prompt"][-1]["content"] and shaped["answer"] == row["answer"]
        assert "agent_ref" not in shaped
        facts = shaped["metadata"]
        assert sos.check(facts, shaped["answer"], read=facts["read"]).reward == 1.0


@pytest.mark.parametrize(("ds", "shape"), EVERY)
def test_every_way_of_reading_has_the_same_rows(ds: sos.Dataset, shape: str) -> None:
    import polars as pl
    import pyarrow as pa

    shaped = ds.shaped(shape)
    rows = list(shaped)
    assert len(rows) == len(shaped) == ROWS
    assert [shaped[index] for index in range(ROWS)] == rows == shaped[:]
    assert shaped[-1] == rows[-1] and shaped[5:1:-2] == [rows[5], rows[3]]
    assert list(pickle.loads(pickle.dumps(shaped))) == rows
    assert pa.table(shaped).to_pylist() == pl.DataFrame(shaped).to_dicts() == shaped.to_hf().to_list() == rows
    assert list(shaped.to_hf(streaming=True)) == rows
    assert shaped.to_hf(streaming=True).features == shaped.to_hf().features
    assert shaped.columns == list(rows[0]) == pa.schema(shaped).names
    with pytest.raises(IndexError):
        shaped[ROWS]


@pytest.mark.parametrize("ds", FITTING, ids=lambda ds: ds.config)
def test_what_does_not_fit_is_told(ds: sos.Dataset) -> None:
    for shape in set(SHAPES) - set(FITTING[ds]):
        with pytest.raises(sos.RequestError, match=f"{ds.config} has no shape {shape}; it has") as error:
            ds.shaped(shape)
        assert all(name in str(error.value) for name in FITTING[ds])


@pytest.mark.parametrize("shape", ["SFT", "", None, 5, "dpo"])
def test_shapes_that_do_not_exist(shape: Any) -> None:
    with pytest.raises(sos.RequestError, match="the shapes are: lm, sft"):
        SEARCH.shaped(shape)


def test_all_record_kinds_of_the_ready_recipes_have_an_answer() -> None:
    """A config has the shapes that its text columns let expect, whatever its kind."""
    for recipe in sos.recipes():
        if not recipe[0].isdigit() or not recipe.endswith("countdown"):
            continue
        for config in sos._core.describe(recipe)["configs"]:
            ds = sos.load(recipe, config=config, count=1)
            has = []
            for shape in SHAPES:
                try:
                    has.append((shape, ds.shaped(shape)[0]))
                except sos.RequestError:
                    continue
            plain = {"prompt", "completion"} <= set(ds.columns) and "label" not in ds.columns
            assert ([shape for shape, _ in has] == ["lm", "sft", "messages"]) == plain, config
            # Tokenizers join a space to the word behind it, so a prompt must not end in one.
            assert not any(str(row.get("prompt", "")).endswith(" ") for _, row in has)
