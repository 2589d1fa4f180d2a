"""Shapes of the ready recipes, as a trainer's user would distrust them: does a prompt tell the label, is a pair a pair, do spans hold?"""

from __future__ import annotations

import json
from typing import Any

import pytest

import stream_of_search as sos
from stream_of_search.forms import source_of
from stream_of_search.integrations.rows import right_reply

ROWS = 200
# A row of a group is many searches.
FEWER = {"group": 30}
JUDGED = ("critique", "criteria", "comparison")
SKIPS = ("corrupted", "backtrack", "subgoal", "correction")

# The columns that trainers know by name, and the shapes that have them on purpose.
KNOWN = {
    "text": {"lm"},
    "messages": {"messages"},
    "chosen": {"preference"},
    "rejected": {"preference"},
    "label": {"unpaired"},
    "labels": {"stepwise"},
    "completions": {"stepwise"},
    "completion": {"sft", "unpaired", "rollouts"},
    **dict.fromkeys(
        "input_ids attention_mask completion_mask assistant_masks position_ids tools chat_template_kwargs images image prompts completion_ids "
        "trainer_state log_extra log_metric environment environments score rewards".split(),
        set(),
    ),
}


def datasets(recipe: str) -> list[sos.Dataset]:
    """Of a recipe one config for each sort of rows."""
    about = sos._core.describe(recipe)
    found: dict[str, str] = {}
    for config, [kind, *_] in about["kinds"].items():
        sort = kind["kind"] if kind["kind"] in (*SKIPS, *JUDGED) else source_of(kind, about["instruct"])
        found.setdefault(sort, config)
    # Corrupted rows have all that the rows of clean traces have.
    if "corrupted" in found:
        found.pop("trace", None)
    return [sos.load(recipe, config=config, count=1) for config in found.values()]


def shapes_of(ds: sos.Dataset) -> dict[str, sos.Shaped]:
    found = {}
    for shape in ("lm", "sft", "messages", "preference", "unpaired", "stepwise", "rollouts", "rl", "verl", "nemo-gym"):
        try:
            found[shape] = ds.shaped(shape)
        except sos.RequestError:
            continue
    return found


def all_rows(ds: sos.Dataset) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The rows, and those of each shape, made of the same batches."""
    shaped = shapes_of(ds)
    rows, made = [], {shape: [] for shape in shaped}
    count = min(FEWER.get(ds._core.kinds[0]["kind"], ROWS), ds.capacity)
    for batch in ds.batches(64, rows=count, threads=2):
        rows += batch.to_pylist()
        for shape, of in shaped.items():
            made[shape] += of.rows_of(batch)
    assert made
    return rows, made


@pytest.mark.parametrize("recipe", sos.recipes())
def test_shapes(recipe: str) -> None:
    for ds in datasets(recipe):
        rows, made = all_rows(ds)
        for shape, of in made.items():
            assert not [name for name, shapes in KNOWN.items() if name in of[0] and shape not in shapes], shape
            # Tokenizers join a space to the word behind it, so a prompt must not end in one, and has to be there.
            assert all(row["prompt"] and not str(row["prompt"]).endswith(" ") for row in of if "prompt" in row), shape
        for shape, check in CHECKS.items():
            if shape in made:
                check(rows, made)


def check_texts(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    rests = set()
    for row, lm, sft, turns in zip(rows, made["lm"], made["sft"], made["messages"], strict=True):
        assert lm["text"] == sft["prompt"] + sft["completion"]
        assert [(turn["role"], turn["content"]) for turn in turns["messages"]] == [("user", sft["prompt"]), ("assistant", sft["completion"])]
        assert sft["completion"].strip() and sft["completion"] not in sft["prompt"] and not sft["completion"].startswith(" ")
        if row["record"] in JUDGED and row.get("arm") not in ("noisy", "verified", "oracle"):
            # What stands around question and candidates is the same in all rows. Reasons that were made for candidates stand on lines of their own.
            rest = sft["prompt"].replace(plain_prompt(row).strip(), "QUESTION", 1)
            for text in sorted(row.get("candidates", [row.get("candidate")]), key=len, reverse=True):
                rest = rest.replace(text.strip(), "CANDIDATE")
            rests.add("\n".join(line for line in rest.splitlines() if not line.startswith(("For it: ", "A check finds"))))
        elif row["record"] == "return-conditioned":
            assert sft["prompt"].split("->", 1)[1] == plain_prompt(row)
        else:
            assert sft["prompt"] == plain_prompt(row)
    assert len(rests) <= 1, rests


def plain_prompt(row: dict[str, Any]) -> str:
    """The prompt that the puzzle has by itself: nothing of the row's label can be in it."""
    return sos.Puzzle.from_row(row).prompt(row["dialect"])


def is_right(rows: list[dict[str, Any]], texts: list[str]) -> list[bool]:
    scores = sos.score_many(texts, rows, "trace")
    return [solved and valid for solved, valid in zip(scores.solved, scores.valid, strict=True)]


def check_preference(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    pairs = made["preference"]
    assert [row["prompt"] for row in pairs] == [plain_prompt(row) for row in rows]
    assert not [pair for pair in pairs if pair["chosen"] == pair["rejected"] or pair["chosen"][:1] == " " or pair["rejected"][:1] == " "]
    assert all(is_right(rows, [pair["chosen"] for pair in pairs]))
    assert not any(is_right(rows, [pair["rejected"] for pair in pairs]))


def check_unpaired(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    found = made["unpaired"]
    assert [row["prompt"] for row in found] == [plain_prompt(row) for row in rows]
    assert [row["label"] for row in found] == is_right(rows, [row["completion"] for row in found])
    assert {row["label"] for row in found} == {True, False}


def check_stepwise(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    found = made["stepwise"]
    assert [row["prompt"] for row in found] == [plain_prompt(row) for row in rows]
    right = is_right(rows, ["".join(row["completions"]) for row in found])
    for row, whole in zip(found, right, strict=True):
        assert len(row["completions"]) == len(row["labels"]) and all(row["completions"])
        # A text without a wrong step may still not solve its puzzle.
        assert all(row["labels"]) or not whole
    assert {label for row in found for label in row["labels"]} == {True, False}


def check_rollouts(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    found = made["rollouts"]
    size = len(found) // len(rows)
    of = [row for row in rows for _ in range(size)]
    assert [row["id"] for row in found] == [row["id"] for row in of]
    assert [row["prompt"] for row in found] == [plain_prompt(row) for row in of]
    assert [row["reward"] for row in found] == sos.score_many([row["completion"] for row in found], of, "trace").reward


def check_rl(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    given = made["rl"]
    columns = {name: [row[name] for row in given] for name in given[0] if name != "prompt"}
    right = [right_reply(row) if row["record"] == "rl" else row["answer"] for row in rows]
    assert sos.reward()(completions=[text or "" for text in right], **columns) == [1.0 if text else 0.0 for text in right]
    if "completion" in rows[0]:
        paid = sos.reward()(completions=[row["completion"] for row in rows], **columns)
        assert paid == [float(row["solved"]) for row in rows]
    for row, asked, verl, nemo in zip(rows, given, made["verl"], made["nemo-gym"], strict=True):
        turns = [{"role": "user", "content": asked["prompt"]}] if isinstance(asked["prompt"], str) else asked["prompt"]
        assert verl["prompt"] == nemo["responses_create_params"]["input"] == turns and turns[-1]["role"] == "user"
        if asked["read"] == "trace":
            assert turns[0]["content"].endswith(plain_prompt(row))
        if row["record"] == "rl":
            assert not row["answer"] or row["answer"] not in str(turns)
        truth = json.loads(verl["reward_model"]["ground_truth"])
        assert (truth["env"], truth["read"], truth["puzzle"]) == (row["env"], asked["read"], json.loads(row["puzzle"]))
        assert truth.get("dialect") == (row["dialect"] if asked["read"] != "answer" else None)


def check_spans(rows: list[dict[str, Any]], made: dict[str, list[dict[str, Any]]]) -> None:
    """The spans of a row count bytes of the last turn of `messages`, or of the turn that they name."""
    for row, shaped in zip(rows, made["messages"], strict=True):
        turns = [turn["content"].encode() for turn in shaped["messages"]]
        for *named, start, end in json.loads(row["skip_spans"]):
            turn = turns[named[0]] if named else turns[-1]
            assert 0 <= start < end <= len(turn) and turn[start:end].decode()
            assert not named or (row["record"] == "correction" and (start, end) == (0, len(turn)) and named[0] == 1)
        for defect in json.loads(row["defects"]):
            if (row["record"], row["env"], defect["kind"]) == ("corrupted", "countdown", "arithmetic-slip"):
                start, end = defect["span"]
                # Up to spaces: dialects differ in them.
                assert turns[-1][start:end].decode().replace(" ", "") == defect["found"].replace(" ", "")


CHECKS = {
    "lm": check_texts,
    "preference": check_preference,
    "unpaired": check_unpaired,
    "stepwise": check_stepwise,
    "rollouts": check_rollouts,
    "rl": check_rl,
    "messages": check_spans,
}


class Steps(sos.Environment):
    """Numbers to count to, in words with characters of several bytes."""

    name = "shapes-steps"
    help = "count from a number to another"
    words = ("größer", "um", "→", "kleiner")
    walks_turn_back = True

    goal: int

    @classmethod
    def generate(cls, draw, most: int = 9):  # type: ignore[no-untyped-def]
        return cls(draw.between(2, most))

    def start(self) -> tuple[int, ...]:
        return (0,)

    def is_goal(self, state: tuple[int, ...]) -> bool:
        return state == (self.goal,)

    def moves(self, state: tuple[int, ...]) -> list[str]:
        return [f"größer um → {step}" for step in (1, 2) if state[0] + step <= self.goal + 1] + (["kleiner um → 1"] if state[0] else [])

    def apply(self, state: tuple[int, ...], move: str) -> tuple[int, ...]:
        step = int(move.split()[-1])
        return (state[0] + (step if move.startswith("größer") else -step),)


def test_spans_count_bytes_in_shapes_too() -> None:
    recipe = {
        "name": "bytes",
        "dialect": "compact",
        "environment": {"name": "shapes-steps"},
        "searches": [{"kind": "bfs"}],
        "splits": {"train": {"rows": ROWS}},
        "records": [{"kind": "corrupted", "corruption": {"kinds": [{"kind": "illegal-move"}]}}],
    }
    ds = sos.load(recipe)
    rows, made = all_rows(ds)
    check_spans(rows, made)
    tok = sos.tokenizer("bytes")
    beyond = 0
    for row, turns, tokens in zip(rows, made["messages"], ds.tokens(tok, mask="skip_spans"), strict=True):
        text = turns["messages"][1]["content"]
        [[start, end]] = json.loads(row["skip_spans"])
        [defect] = json.loads(row["defects"])
        part = text.encode()[start:end].decode()
        assert part.split()[:3] == defect["found"].split()[:3]
        beyond += text[start:end] != part
        # The loss learns all of the text but this part.
        learnt = [label for label in tokens["labels"] if label != -100]
        assert tok.decode(learnt) == text.replace(part, "", 1) + "<eos>" or text.count(part) > 1
    assert beyond > 20
