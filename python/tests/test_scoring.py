"""Scores of many texts: one scorer for `score_many`, `check` and the program; only a solution of the text's own puzzle is paid."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

import stream_of_search as sos

PUZZLE = sos.Puzzle("countdown", {"numbers": [3, 5, 7], "target": 22})
OTHER = sos.Puzzle("countdown", {"numbers": [2, 4, 6], "target": 14})
TRACE = "3 * 5 = 15 : 7 15 > #1 7 + 15 = 22 : 22 goal answer 3 * 5 = 15 , 7 + 15 = 22 ."

SOLUTIONS = [
    "3*5+7",
    "7 + 5 * 3",
    "(3 * 5) + 7 = 22",
    "<answer>3*5+7</answer>",
    "\\boxed{7+3*5}",
    "3*5*7 is 105, so no.\nAnswer: 3*5+7",
    "<think>no solution</think><answer>3 × 5 + 7</answer>",
]

CHEATS = [
    "",
    " ",
    "22",
    "22 = 22",
    "target",
    "no solution",
    "<answer>no solution</answer>",
    "<answer></answer>",
    "3*5*7",
    "3*5+7 = 23",
    "15+7",
    "3*5+7+0",
    "(3*5+7)*1",
    "3*5+7-7+7",
    "5+5+5+7",
    "22*3/3*5/5*7/7",
    "7+7+5+3",
    "2*4+6",
    "eval('3*5+7')",
    "__import__('os').system('true')",
    "numbers = [3,5,7]; solved = True; reward = 1.0",
    '{"solved": true, "reward": 1.0}',
    "<answer>3*5*7</answer> but 3*5+7 is right",
    "<answer>3*5+7 or 3*5*7</answer>",
    "<answer>3*5+7</answer><answer>3*5*7</answer>",
    "<think>3*5+7</think>",
    "<think><answer>3*5+7</answer></think>",
    "3*5+7\n22+0\n3*5*7",
    "1e999",
    "9" * 100_000,
    "(" * 100_000,
    "(" * 50_000 + "3*5+7" + ")" * 50_000 + "+1",
    "<answer>" * 20_000,
    "\\boxed{" * 20_000,
    "\x00",
    "\ud800\udc00",
    "\udfff" * 1000,
    "٣*٥+٧",
    "日本語 " * 1000,
    "\u202e7+5+3",
    "-3*-5+7",
    "3*5--7",
    "3^1*5+7",
    "goal goal goal",
]

HOSTILE_TRACES = [
    "goal",
    "22 goal",
    "3 * 5 = 15 : 7 15 > #1 7 + 15 = 23 : 22 goal",
    "3 + 5 = 22 : 22 goal answer 3 + 5 = 22 .",
    "3 * 5 = 15 : 7 15 > #1 7 * 15 = 105 : 22 goal",
    "answer 3 * 5 = 15 , 15 + 8 = 23 .",
    "answer 2 * 4 = 8 , 6 + 8 = 14 .",
    "#1 #2 #99999999999999999999",
    "> " * 5000,
    "answer " * 5000,
    "start 3 5 7 target 22 start 2 4 6 target 14",
    "unsolvable",
]


def test_solutions_are_paid_and_cheats_are_not() -> None:
    assert sos.score_many(SOLUTIONS, PUZZLE).reward == [1.0] * len(SOLUTIONS)
    for read in ("answer", "auto", "trace"):
        scores = sos.score_many(CHEATS + HOSTILE_TRACES, PUZZLE, read=read)
        paid = [text[:80] for text, score in zip(CHEATS + HOSTILE_TRACES, scores) if score.reward or score.solved]
        assert paid == []
    assert sos.score_many([TRACE], PUZZLE, read="trace").reward == [1.0]
    # The same texts solve no other puzzle.
    assert sum(sos.score_many([*SOLUTIONS, TRACE], OTHER, read="auto").reward) == 0


@pytest.mark.parametrize("recipe", ["countdown", "maze", "futoshiki", "graph", "hanoi", "k-sat", "knights", "blocksworld", "zebra"])
def test_what_solves_another_puzzle_is_not_paid(recipe: str) -> None:
    """Texts that solve one puzzle, with its prompt or without, against another puzzle of the same environment."""
    rows = sos.load(recipe)[:3]
    texts, owners = [], []
    for row in rows:
        told = sos.trace(row, "dfs", answer=True)
        made = [told.text, f"{told.prompt}\n{told.text}", row["answer"], f"<answer>{row['answer']}</answer>", f"{told.text}\n{row['answer']}"]
        texts += made
        owners += [row] * len(made)
    own = sos.score_many(texts, owners, read="auto", dialect="compact")
    assert sum(own.reward) >= 2 * len(rows)
    for other in rows:
        foreign = [text for text, owner in zip(texts, owners) if owner["id"] != other["id"]]
        for read in ("answer", "auto", "trace"):
            assert sum(sos.score_many(foreign, other, read, "compact").reward) == 0


def expressions(numbers: list[int], draw: random.Random) -> tuple[str, Fraction | None]:
    """An expression with its value; None where it breaks a rule: no negative number, no fraction, no division by zero."""
    if len(numbers) == 1:
        return str(numbers[0]), Fraction(numbers[0])
    cut = draw.randrange(1, len(numbers))
    (left, one), (right, other) = expressions(numbers[:cut], draw), expressions(numbers[cut:], draw)
    sign = draw.choice("+-*/")
    text = f"({left} {sign} {right})"
    if one is None or other is None or (sign == "/" and other == 0):
        return text, None
    value = {"+": one + other, "-": one - other, "*": one * other, "/": one / other if other else one}[sign]
    return text, value if value >= 0 and value.denominator == 1 else None


def test_random_answers_are_paid_as_exact_arithmetic_says() -> None:
    draw = random.Random(7)
    texts, puzzles, expected = [], [], []
    for _ in range(4000):
        numbers = [draw.randint(1, 9) for _ in range(draw.randint(2, 4))]
        text, value = expressions(draw.sample(numbers, len(numbers)), draw)
        target = int(value) if value is not None and draw.random() < 0.5 else draw.randint(1, 30)
        if target < 1:
            continue
        used = numbers[:]
        if draw.random() < 0.2:
            used[draw.randrange(len(used))] += 1
        texts.append(f"I think <answer>{text}</answer>")
        puzzles.append({"env": "countdown", "puzzle": {"numbers": used, "target": target}})
        expected.append(float(value == target and sorted(used) == sorted(numbers)))
    scores = sos.score_many(texts, puzzles)
    wrong = [(text, puzzle) for text, puzzle, want, got in zip(texts, puzzles, expected, scores.reward) if want != got]
    assert wrong == []
    assert 500 < sum(expected) < 3000


def cases() -> list[tuple[sos.Puzzle, str, str, str]]:
    """Puzzle, dialect, reading, text: of several environments, right, wrong, damaged and hostile."""
    draw = random.Random(5)
    found = []
    for text in [*SOLUTIONS, *CHEATS, TRACE, *HOSTILE_TRACES]:
        found += [(PUZZLE, "compact", read, text) for read in ("answer", "auto", "trace")]
    for recipe in ("countdown", "maze", "sudoku", "graph", "sokoban", "rl-countdown", "rl-maze", "rl-sudoku"):
        for row in sos.load(recipe)[:6]:
            puzzle = sos.Puzzle.from_row(row)
            texts = [row["answer"], row.get("completion") or row["answer"], "é" + row["answer"]]
            texts += [damaged(text, draw) for text in texts for _ in range(2)]
            dialect = row["dialect"]
            found += [(puzzle, dialect, read, text) for text in texts for read in ("answer", "auto", "trace")]
    return found


def damaged(text: str, draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    return draw.choice([text[:at], text[at:], text[:at] + draw.choice("0 9#\n<é\x00\ud800") + text[at + 1 :]])


def test_one_scorer(tmp_path: Path) -> None:
    """`score_many`, `check` and `sos score` say the same of the same text."""
    given = cases()
    assert len(given) > 500
    rows = [
        {"env": puzzle.env, "puzzle": puzzle.puzzle, "dialect": dialect, "read": read, "text": text, "group": str(place)}
        for place, (puzzle, dialect, read, text) in enumerate(given)
    ]
    scores = sos.score_many([row["text"] for row in rows], rows)
    again = sos.score_many([row["text"] for row in rows], [case[0] for case in given], threads=1, read="answer")
    report = sos.score(rows)
    assert report.rows.error == [None] * len(rows)
    for place, (puzzle, dialect, read, text) in enumerate(given):
        verdict = sos.check(puzzle, text, dialect, read=read)
        first = verdict.first_error.error if verdict.first_error else None
        score, told = scores[place], report.rows[place]
        assert (verdict.solved, verdict.reward, verdict.valid, verdict.optimal is True, first, verdict.metrics["nodes"]) == (
            score.solved,
            score.reward,
            score.valid,
            score.optimal,
            score.first_error,
            score.nodes,
        ), (puzzle, dialect, read, text[:200])
        assert score.answer_right == verdict.answer_right
        assert score.taken == (verdict.taken and verdict.taken.text)
        for name in scores.column_names:
            if name not in ("id", "answer_right"):
                assert getattr(score, name) == getattr(told, name), (name, puzzle, dialect, read, text[:200])
        if read == "answer":
            assert score == again[place]
    assert 100 < sum(scores.solved) < len(rows) - 100


def test_columns_indexing_pickling_and_arrow() -> None:
    scores = sos.score_many([*SOLUTIONS, "3*5*7"], PUZZLE)
    assert len(scores) == len(SOLUTIONS) + 1 and [score.reward for score in scores] == scores.reward
    assert scores[-1] == scores[len(SOLUTIONS)] and scores[-1].first_error == "wrong-answer"
    assert scores[-2:] == [scores[-2], scores[-1]]
    assert pickle.loads(pickle.dumps(scores)) == scores
    with pytest.raises(IndexError):
        scores[len(scores)]
    with pytest.raises(AttributeError, match="solved"):
        scores.rewards
    pa, pl = pytest.importorskip("pyarrow"), pytest.importorskip("polars")
    batch = pa.record_batch(scores)
    assert batch.to_pylist() == scores.to_list() == pl.DataFrame(scores).to_dicts()
    assert batch.schema.field("reward").type == pa.float64() and batch.schema.field("trace_valid").nullable
    assert pa.record_batch(sos.score_many([], PUZZLE)).num_rows == 0
    table = pa.Table.from_pylist([{"env": "countdown", "puzzle": PUZZLE.json, "text": text} for text in SOLUTIONS])
    assert sos.score_many(table["text"], table).reward == [1.0] * len(SOLUTIONS)
    assert sos.score_many("3*5+7", PUZZLE).reward == [1.0]


def test_the_number_of_threads_and_the_order_change_nothing() -> None:
    rows = sos.load("rl-countdown")[:50]
    draw = random.Random(3)
    pairs = [(draw.choice(rows), draw.choice(rows)["answer"]) for _ in range(3000)]
    texts, puzzles = [text for _, text in pairs], [row for row, _ in pairs]
    one = sos.score_many(texts, puzzles, threads=1).to_list()
    assert sos.score_many(texts, puzzles, threads=7).to_list() == one
    assert sos.score_many(texts[::-1], puzzles[::-1]).to_list() == one[::-1]
    assert [score["id"] for score in one] == [row["id"] for row in puzzles]
    objects = [sos.Puzzle.from_row(row) for row in puzzles]
    assert sos.score_many(texts, objects).to_list() == one
    assert [sos.score_many([text], row)[0].reward for text, row in zip(texts[:50], puzzles)] == [row["reward"] for row in one[:50]]


def test_wrong_calls() -> None:
    for call, words in [
        (lambda: sos.score_many(["a"], []), "found 0 for 1 texts"),
        (lambda: sos.score_many(["a", 3], PUZZLE), "text 1: found int"),
        (lambda: sos.score_many([b"a"], PUZZLE), "text 0: found bytes"),
        (lambda: sos.score_many([None], PUZZLE), "text 0: found NoneType"),
        (lambda: sos.score_many(["a"], PUZZLE, read="answers"), "read: found .answers.; allowed: trace, answer, auto"),
        (lambda: sos.score_many(["a"], PUZZLE, read="trace", dialect="compct"), "did you mean .compact."),
        (lambda: sos.score_many(["a", "b"], [PUZZLE, {"env": "x", "puzzle": {}}]), "row 1: env: found .x."),
        (lambda: sos.score_many(["a"], [{"env": "countdown"}]), "row 0: puzzle: missing"),
        (lambda: sos.score_many(["a"], [{"puzzle": {}}]), "row 0: env: missing"),
        (lambda: sos.score_many(["a"], [{"env": 3, "puzzle": {}}]), "row 0: env: found int"),
        (lambda: sos.score_many(["a"], [None]), "row 0: puzzle: found NoneType"),
        (lambda: sos.score_many([], {"env": "x", "puzzle": {}}), "env: found .x."),
        (lambda: sos.score_many(["a"], [{"env": "countdown", "puzzle": {"numbers": [float("nan")]}}]), "row 0: puzzle"),
        (lambda: sos.score_many(["a"], [{"env": "countdown", "puzzle": object()}]), "row 0: puzzle"),
        (lambda: sos.Puzzle("countdown", {"numbers": [1, 2]}), "puzzle: missing field"),
        (lambda: sos.Puzzle("countdwn", {}), "did you mean .countdown."),
        (lambda: sos.Puzzle("countdown", "{"), "not JSON"),
        (lambda: PUZZLE.prompt("x"), "dialect: found .x."),
    ]:
        with pytest.raises(sos.RequestError, match=words) as caught:
            call()
        assert type(pickle.loads(pickle.dumps(caught.value))) is sos.RequestError


def test_puzzles() -> None:
    same = sos.Puzzle("countdown", '{"target": 22, "numbers": [3, 5, 7]}')
    shown = sos.Puzzle("countdown", {"numbers": [5, 3, 7], "target": 22})
    assert same == PUZZLE and hash(same) == hash(PUZZLE) and same.puzzle == {"numbers": [3, 5, 7], "target": 22}
    assert shown != PUZZLE and shown.id == PUZZLE.id and PUZZLE != "x" and len({same, PUZZLE, shown}) == 2
    assert pickle.loads(pickle.dumps(PUZZLE)) == PUZZLE
    assert PUZZLE.prompt() == "start 3 5 7 target 22\n"
    for recipe in ("countdown", "maze", "sokoban", "zebra", "rl-sudoku"):
        row = sos.load(recipe)[0]
        puzzle = sos.Puzzle.from_row(row)
        assert puzzle.id == row["id"] and pickle.loads(pickle.dumps(puzzle)) == puzzle
    row = sos.load("rl-countdown")[0]
    assert sos.Puzzle.from_row({"reward_model": row["reward_model"]}).id == row["id"]


def test_threads_of_python_and_forks() -> None:
    rows = sos.load("rl-countdown")[:200]
    texts = [row["answer"] for row in rows]
    expected = sos.score_many(texts, rows).to_list()
    with ThreadPoolExecutor(8) as pool:
        assert all(found.to_list() == expected for found in pool.map(lambda _: sos.score_many(texts, rows), range(16)))
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # Behind a fork there is only this thread.
        os.write(writer, b"1" if sos.score_many(texts, rows).to_list() == expected else b"0")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0 and os.read(reader, 1) == b"1"


def test_other_threads_of_python_go_on() -> None:
    rows, ticks, stop = sos.load("countdown")[:40], [], threading.Event()

    def tick() -> None:
        while not stop.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.perf_counter()
    sos.score_many([row["completion"] for row in rows] * 60, rows * 60, read="trace", threads=1)
    end = time.perf_counter()
    stop.set()
    thread.join()
    inside = [at for at in ticks if begin < at < end]
    assert len(inside) > 5, f"{len(inside)} ticks in {end - begin:.3f} s"


def test_an_interrupt_ends_a_long_run() -> None:
    code = """
import signal, threading, time, os, stream_of_search as sos
signal.signal(signal.SIGINT, signal.default_int_handler)
rows = sos.load("countdown")[:50]
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
begin = time.time()
try:
    sos.score_many([row["completion"] * 20 for row in rows] * 400, rows * 400, read="trace")
except KeyboardInterrupt:
    print("interrupted", time.time() - begin < 20)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout == "interrupted True\n", done


def test_a_puzzle_forgets_the_texts_that_it_met() -> None:
    """States of hostile texts do not pile up: the same text costs the same at the end of many."""
    texts = [f"{a} * {b} = {a * b} : {a} {b} {a * b}" for a in range(300) for b in range(100)]
    begin = time.perf_counter()
    first = sos.score_many(texts[:3000], PUZZLE, read="trace", threads=1)
    short = time.perf_counter() - begin
    begin = time.perf_counter()
    sos.score_many(texts, PUZZLE, read="trace", threads=1)
    assert time.perf_counter() - begin < 60 * max(short, 0.01)
    assert sum(first.reward) == 0
