"""Rows in the shapes of trainers: exactly their columns, made of what the row says."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stream_of_search as sos
from stream_of_search.integrations.rows import right_reply

ROWS = 12
SEARCH = sos.load("5-search-countdown", config="search", count=ROWS)
RL = sos.load("rl-countdown", config="rl", count=ROWS)
MESSAGES = sos.load("rl-countdown", config="messages", count=ROWS)
CORRECTION = sos.load("6-correction-countdown", config="correction", count=ROWS)
CRITIQUE = sos.load("1-critique-countdown", config="critique", count=ROWS)
PREFERENCE, UNPAIRED, STEPWISE, GROUP = (
    sos.load("4-groups-countdown", config=config, count=ROWS)
    for config in ("preference", "unpaired", "stepwise", "group")
)
REWARDED = ["rl", "verl", "nemo-gym"]
SIZE = 16
SHAPES = ["lm", "sft", "messages", "preference", "unpaired", "stepwise", "rollouts", *REWARDED]
FITTING = {
    SEARCH: ["lm", "sft", "messages", *REWARDED],
    CRITIQUE: ["lm", "sft", "messages"],
    MESSAGES: ["sft", "messages", *REWARDED],
    CORRECTION: ["sft", "messages", *REWARDED],
    PREFERENCE: ["preference", *REWARDED],
    UNPAIRED: ["unpaired", *REWARDED],
    STEPWISE: ["stepwise", *REWARDED],
    GROUP: ["rollouts", *REWARDED],
    RL: REWARDED,
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


def test_rl_of_the_kind_rl_has_what_a_reward_needs() -> None:
    for row, shaped in zip(RL, RL.shaped("rl"), strict=True):
        assert shaped == {name: row[name] for name in shaped}
        assert sos.check(shaped, row["answer"], read=shaped["read"]).reward == 1.0
        assert sos.check(shaped, "Answer: 1 + 1 = 2.", read=shaped["read"]).reward == 0.0


def columns_of(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """What a trainer passes to a reward."""
    return {name: [row[name] for row in rows] for name in rows[0] if name != "prompt"}


@pytest.mark.parametrize("recipe", ["5-search-countdown", "5-search-maze", "5-search-sudoku"])
def test_a_trace_is_paid_for_its_own_puzzle_alone(recipe: str) -> None:
    ds = sos.load(recipe, config="search", count=30)
    given, texts = ds.shaped("rl")[:], [row["completion"] for row in ds]
    assert [row["prompt"] for row in given] == [row["prompt"] for row in ds]
    columns = columns_of(given)
    assert sos.reward()(completions=texts, **columns) == [float(row["solved"]) for row in ds]
    assert sum(row["solved"] for row in ds) >= 20
    assert sos.reward()(completions=texts[1:] + texts[:1], **columns) == [0.0] * 30
    # A trace as it stands is no answer in plain English, so the way of reading matters.
    assert sos.reward("answer")(completions=[text.split("nswer")[0] for text in texts], **columns) == [0.0] * 30


@pytest.mark.parametrize("ds", [SEARCH, GROUP, PREFERENCE, CORRECTION, MESSAGES, RL], ids=lambda ds: ds.config)
def test_all_rewards_agree(ds: sos.Dataset) -> None:
    from stream_of_search.integrations.nemo_gym import verify
    from stream_of_search.verl import compute_score

    rows, parts = ds[:], [ds.shaped(shape)[:] for shape in REWARDED]
    texts = [right_text(row) for row in rows]
    for moved, expected in ((texts, 1.0), (texts[1:] + texts[:1], 0.0)):
        assert sos.reward()(completions=moved, **columns_of(parts[0])) == [expected] * ROWS
        # Of the shape verl, the reward of TRL reads `reward_model`.
        assert sos.reward()(completions=moved, reward_model=[row["reward_model"] for row in parts[1]]) == [expected] * ROWS
        for text, verl, nemo in zip(moved, parts[1], parts[2], strict=True):
            assert compute_score(verl["data_source"], text, verl["reward_model"]["ground_truth"], verl["extra_info"])["score"] == expected
            response = {"output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": text}]}]}
            assert verify({**nemo, "response": response})["reward"] == expected


def right_text(row: dict[str, Any]) -> str:
    """A right text of a row: a whole completion where there is one."""
    if "messages" in row:
        return row["messages"][-1]["content"]
    if "rewards" in row and 1 in row["rewards"]:
        return row["completions"][row["rewards"].index(1)]
    return row.get("chosen", row["answer"])


def test_conversations_are_asked_up_to_the_last_turn() -> None:
    for ds, read in ((MESSAGES, "auto"), (CORRECTION, "trace")):
        for row, shaped in zip(ds, ds.shaped("rl"), strict=True):
            assert shaped["prompt"] == row["messages"][:-1] and shaped["prompt"][-1]["role"] == "user"
            assert shaped["read"] == read and shaped["dialect"] == row["dialect"]


@pytest.mark.parametrize("dialect", ["compact", "prose", "stream-of-search"])
@pytest.mark.parametrize("answer", [True, False])
def test_messages_in_plain_english_are_paid_for_traces_and_answers(dialect: str, answer: bool) -> None:
    recipe = {**recipe_of([{"kind": "messages"}]), "dialect": dialect, "answer": answer}
    assert {row["read"] for row in sos.load(recipe).shaped("rl")} == {"trace"}
    ds = sos.load(recipe | {"prompt": "instruct"})
    given = columns_of(ds.shaped("rl")[:])
    assert set(given["read"]) == {"auto"}
    for texts in [right_text(row) for row in ds], [right_reply(row) for row in ds]:
        assert None not in texts and sos.reward()(completions=texts, **given) == [1.0] * 4
        assert sos.reward()(completions=texts[1:] + texts[:1], **given) == [0.0] * 4


def test_adapters_ask_for_what_they_read() -> None:
    from stream_of_search.integrations import rows

    for ds in (SEARCH, CORRECTION, RL):
        for row, shaped in zip(ds, ds.shaped("rl"), strict=True):
            asked = rows.messages(shaped)
            assert asked == (shaped["prompt"] if isinstance(shaped["prompt"], list) else [{"role": "user", "content": row["prompt"]}])
            assert rows.score(right_text(row), shaped).reward == 1.0


def test_verl() -> None:
    for row, shaped in zip(RL, RL.shaped("verl"), strict=True):
        assert list(shaped) == ["data_source", "prompt", "ability", "reward_model", "extra_info"]
        assert shaped["data_source"] == "countdown" and shaped["ability"] == "search"
        assert shaped["prompt"] == row["prompt"]
        assert shaped["reward_model"] == row["reward_model"]
        info = shaped["extra_info"]
        assert info == {"split": "train", "index": row["index"], "id": row["id"], "difficulty": row["difficulty"]}
        # verl adds these itself.
        assert not {"num_turns", "rollout_reward_scores"} & set(info)
    for row, shaped in zip(SEARCH, SEARCH.shaped("verl"), strict=True):
        assert shaped["prompt"] == [{"role": "user", "content": row["prompt"]}]
        truth = json.loads(shaped["reward_model"]["ground_truth"])
        assert truth == {"env": row["env"], "read": "trace", "dialect": row["dialect"], "puzzle": json.loads(row["puzzle"])}


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
        assert {name: row[name] for name in shaped["metadata"]} == shaped["metadata"]
        facts = shaped["metadata"]
        assert sos.check(facts, shaped["answer"], read=facts["read"]).reward == 1.0


@pytest.mark.parametrize(("ds", "shape"), EVERY)
def test_every_way_of_reading_has_the_same_rows(ds: sos.Dataset, shape: str) -> None:
    import polars as pl
    import pyarrow as pa

    shaped = ds.shaped(shape)
    rows = list(shaped)
    count = len(rows)
    assert count == len(shaped) == ROWS * (SIZE if shape == "rollouts" else 1)
    assert [shaped[index] for index in range(ROWS)] == rows[:ROWS] and rows == shaped[:]
    assert shaped[-1] == rows[-1] and shaped[5:1:-2] == [rows[5], rows[3]]
    assert shaped.__getitems__([count - 1, 0, count - 1]) == [rows[-1], rows[0], rows[-1]]
    assert list(pickle.loads(pickle.dumps(shaped))) == rows
    assert pa.table(shaped).to_pylist() == pl.DataFrame(shaped).to_dicts() == shaped.to_hf().to_list() == rows
    assert list(shaped.to_hf(streaming=True)) == rows
    assert shaped.to_hf(streaming=True).features == shaped.to_hf().features
    assert shaped.columns == list(rows[0]) == pa.schema(shaped).names
    with pytest.raises(IndexError):
        shaped[count]


@pytest.mark.parametrize("ds", FITTING, ids=lambda ds: ds.config)
def test_what_does_not_fit_is_told(ds: sos.Dataset) -> None:
    for shape in set(SHAPES) - set(FITTING[ds]):
        with pytest.raises(sos.RequestError, match=f"{ds.config} has no shape {shape}; it has the shapes {', '.join(FITTING[ds])}[.] [A-Z]"):
            ds.shaped(shape)


def test_reasons() -> None:
    with pytest.raises(sos.RequestError, match="chat template"):
        CORRECTION.shaped("lm")
    with pytest.raises(sos.RequestError, match="candidates"):
        CRITIQUE.shaped("rl")


@pytest.mark.parametrize(("ds", "shape"), EVERY)
def test_no_rows(ds: sos.Dataset, shape: str) -> None:
    import pyarrow as pa

    recipe, config, split, seed, _ = ds._of
    shaped = sos.load(recipe, config, split, seed=seed, count=0).shaped(shape)
    assert len(shaped) == 0 and list(shaped) == shaped[:] == shaped.__getitems__([]) == list(shaped.to_hf(streaming=True)) == []
    assert pa.table(shaped).num_rows == shaped.to_hf().num_rows == 0 and pa.schema(shaped).names == shaped.columns


@pytest.mark.parametrize("shape", ["SFT", "", None, 5, "dpo", ["rl"], b"rl"])
def test_shapes_that_do_not_exist(shape: Any) -> None:
    with pytest.raises(sos.RequestError, match="the shapes are: lm, sft"):
        SEARCH.shaped(shape)


def recipe_of(records: list[dict[str, Any]], rows: int = 4) -> dict[str, Any]:
    return {
        "name": "kinds",
        "seed": 1,
        "dialect": "compact",
        "answer": True,
        "environment": {"name": "countdown", "sizes": {"min": 3, "max": 3}},
        "searches": [{"kind": "bfs"}, {"kind": "dfs"}],
        "splits": {"train": {"rows": rows}},
        "records": records,
    }


# Settings without which a kind is refused.
SETTINGS: dict[str, dict[str, Any]] = {
    "corrupted": {"corruption": {"kinds": [{"kind": "arithmetic-slip"}]}},
    "imitation": {"style": "clean"},
    "mixture": {"components": [{"kind": "search"}, {"kind": "optimal", "weight": 2}]},
}
# Rows of the table in the page that are about some settings of a kind alone.
SPECIAL: dict[str, tuple[str, dict[str, Any]]] = {
    "critique` with `arm` `noisy`, `verified` or `oracle": ("critique", {"arm": "verified"}),
}


def table() -> dict[str, list[str]]:
    """The table of the page: kinds of record, each with its shapes."""
    page = (Path(__file__).parent.parent / "docs" / "datasets.md").read_text(encoding="utf-8")
    head, _, *lines = page[page.index("| kind of record |") :].split("\n\n")[0].splitlines()
    names = [cell.strip(" `") for cell in head.strip("|").split("|")][1:]
    assert names == SHAPES
    found = {}
    for line in lines:
        kinds, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        for kind in [kinds.strip("`")] if " with " in kinds else kinds.replace("`", "").split(", "):
            found[kind] = [name for name, cell in zip(names, cells, strict=True) if cell == "yes"]
            assert set(cells) <= {"yes", ""}
    return found


def test_the_table_of_the_page_holds_for_all_kinds() -> None:
    listed = subprocess.run([sys.executable, "-m", "stream_of_search", "list", "records"], check=True, capture_output=True, text=True)
    kinds = [line.split()[0] for line in listed.stdout.splitlines() if line.startswith("  ")]
    told = table()
    assert sorted(told) == sorted([*(kind for kind in kinds if kind != "mixture"), *SPECIAL])
    for name, shapes in told.items():
        kind, settings = SPECIAL.get(name, (name, SETTINGS.get(name, {})))
        ds = sos.load(recipe_of([{"kind": kind, **settings}]))
        for shape in SHAPES:
            if shape in shapes:
                assert list(ds.shaped(shape)[0]) == ds.shaped(shape).columns, (name, shape)
                continue
            with pytest.raises(sos.RequestError, match=f"has no shape {shape}; it has the shapes {', '.join(shapes)}[.]"):
                ds.shaped(shape)


def test_rl_of_all_kinds_pays_right_texts_alone() -> None:
    for name, shapes in table().items():
        kind, settings = SPECIAL.get(name, (name, SETTINGS.get(name, {})))
        if "rl" not in shapes:
            continue
        ds = sos.load(recipe_of([{"kind": kind, **settings}], rows=30))
        rows, given = ds[:], columns_of(ds.shaped("rl")[:])
        answers = [row["answer"] for row in rows]
        assert sos.reward()(completions=answers, **given) == [1.0] * 30, name
        assert sum(sos.reward()(completions=answers[1:] + answers[:1], **given)) <= 1, name
        if "completion" in rows[0]:
            expected = [float(row["solved"]) for row in rows]
            assert sos.reward()(completions=[row["completion"] for row in rows], **given) == expected, name


def test_a_mixture_has_the_shapes_of_all_its_components() -> None:
    def mixture(*components: dict[str, Any]) -> sos.Dataset:
        return sos.load(recipe_of([{"kind": "mixture", "components": list(components)}], rows=20))

    mixed = mixture({"kind": "search"}, {"kind": "corrupted", **SETTINGS["corrupted"]})
    assert {row["record"] for row in mixed} == {"search", "corrupted"}
    assert [row["text"] for row in mixed.shaped("lm")] == [row["prompt"] + row["completion"] for row in mixed]
    assert sos.reward()(completions=[row["answer"] for row in mixed], **columns_of(mixed.shaped("rl")[:])) == [1.0] * 20
    arms = mixture({"kind": "critique"}, {"kind": "critique", "name": "verified", "arm": "verified"})
    assert len(arms.shaped("sft")) == 20
    with pytest.raises(sos.RequestError, match="it has the shapes lm, sft, messages[.] Its prompts ask about candidates"):
        arms.shaped("rl")
    same = mixture({"kind": "group", "size": 3}, {"kind": "group", "name": "noisy", "size": 3, "noise_per_mille": [200]})
    assert len(same.shaped("rollouts")) == len(list(same.shaped("rollouts"))) == 60
    with pytest.raises(sos.RequestError, match="it has the shapes rl, verl, nemo-gym[.] Its components are groups of different sizes"):
        mixture({"kind": "group", "size": 3}, {"kind": "group", "name": "large", "size": 4}).shaped("rollouts")


def test_rollouts_are_the_texts_of_groups() -> None:
    shaped = GROUP.shaped("rollouts")
    expected = [
        {"id": row["id"], "prompt": row["prompt"], "completion": text, "reward": reward}
        for row in GROUP
        for text, reward in zip(row["completions"], row["rewards"], strict=True)
    ]
    assert shaped[:] == expected and {type(row["reward"]) for row in shaped} == {float}
    scores = sos.score_many([row["completion"] for row in expected], [row for row in GROUP for _ in range(SIZE)], "trace")
    assert scores.reward == [row["reward"] for row in expected] and {0.0, 1.0} == set(scores.reward)
    # Without a size in the recipe, a group has that of the program.
    default = sos.load(recipe_of([{"kind": "group"}]))
    assert len(default.shaped("rollouts")) == len(list(default.shaped("rollouts"))) == 4 * len(default[0]["completions"])


def test_rollouts_in_a_loader() -> None:
    from torch.utils.data import DataLoader

    shaped = GROUP.shaped("rollouts")
    for workers in (0, 2):
        batches = list(DataLoader(shaped, batch_size=10, num_workers=workers))
        assert [text for batch in batches for text in batch["completion"]] == [row["completion"] for row in shaped]
    with pytest.raises(sos.RequestError, match="16 rows of the shape rollouts; give the DataLoader the shape itself"):
        shaped.iterable(batch_size=4)


def test_a_fix_behind_a_critique_is_paid() -> None:
    ds = CORRECTION.twin("critique-then-fix")
    for row, prompt in zip(ds[:20], ds.shaped("rl")[:20], strict=True):
        critique_and_fix = row["messages"][3]["content"]
        assert "Conclusion: " in critique_and_fix
        columns = {name: [value] for name, value in prompt.items() if name != "prompt"}
        assert sos.reward()(completions=[critique_and_fix], **columns) == [1.0]
        # A critique without its fix is no answer.
        cut = critique_and_fix[: critique_and_fix.rindex("[END]") + 5]
        assert sos.reward()(completions=[cut], **columns) == [0.0]
