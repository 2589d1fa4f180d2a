"""Texts that a second and a processor score: Countdown answers and traces, beside reasoning-gym where it is installed.

    python benches/scoring.py [--texts 100000] [--reasoning-gym PYTHON]

PYTHON is the interpreter of an environment that has reasoning-gym. Both scorers get the same answers to the same puzzles: half of them right.
Times are those of the processor, in one thread, so that other work on the machine counts less.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import stream_of_search as sos

REASONING_GYM = """
import json, sys, time
import reasoning_gym
given = json.load(open(sys.argv[1]))
dataset = reasoning_gym.create_dataset("countdown", size=1, seed=1)
entries = [{"question": "", "answer": "", "metadata": {"numbers": n, "target": t, "source_dataset": "countdown"}} for n, t, _ in given]
begin = time.process_time()
paid = sum(dataset.score_answer(text, entry) >= 1.0 for entry, (_, _, text) in zip(entries, given))
print(json.dumps([len(given) / (time.process_time() - begin), paid]))
"""


def answers(count: int) -> list[tuple[dict, str]]:
    """Rows, and answers to them: an expression in tags behind some words. Every second one is wrong."""
    draw, rows = random.Random(1), [row for row in sos.load("rl-countdown")[:2000] if row["solvable"]][:1000]
    made = []
    for place in range(count):
        row = draw.choice(rows)
        numbers = json.loads(row["puzzle"])["numbers"]
        text = expression(row) if place % 2 else " + ".join(map(str, numbers))
        made.append((row, f"I try a few ways and then find one that works. <answer>{text}</answer>"))
    return made


def expression(row: dict) -> str:
    """The answer of a row as one expression: each result is replaced by what made it."""
    steps = row["answer"].removeprefix("Answer:").strip().rstrip(".").replace("then ", "").split(",")
    made: dict[str, list[str]] = {}
    text = ""
    for step in steps:
        left, sign, right, _, result = step.split()
        parts = [made[part].pop() if made.get(part) else part for part in (left, right)]
        text = f"({parts[0]} {sign} {parts[1]})"
        made.setdefault(result, []).append(text)
    return text


def rate(count: int, work: Callable[[], object]) -> float:
    """The best of three runs, in texts a second of the processor."""
    best = 0.0
    for _ in range(3):
        begin = time.process_time()
        work()
        best = max(best, count / (time.process_time() - begin))
    return best


def show(name: str, texts: list[str], puzzles: list, read: str, dialect: str | None = None) -> float:
    found = rate(len(texts), lambda: sos.score_many(texts, puzzles, read, dialect, threads=1))
    size = sum(map(len, texts)) / len(texts)
    solved = sum(sos.score_many(texts, puzzles, read, dialect).solved) / len(texts)
    print(f"{name:32} {found:>9,.0f} texts/s   {size:>6,.0f} bytes a text   {100 * solved:5.1f} % solved")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--reasoning-gym", type=Path)
    given = parser.parse_args()
    made = answers(given.texts)
    texts, rows = [text for _, text in made], [row for row, _ in made]
    ours = show("answers, rows", texts, rows, "answer")
    show("answers, Puzzle objects", texts, [sos.Puzzle.from_row(row) for row in rows], "answer")
    for name, recipe, config in [("optimal traces", "countdown", "optimal"), ("search traces", "countdown", "search")]:
        rows = sos.load(recipe, config=config)[:1000]
        show(f"{name}, {rows[0]['dialect']}", [row["completion"] for row in rows] * 4, rows * 4, "trace")
    for size in (3, 4):
        rows = [row for row in sos.load("rl-countdown")[:2000] if len(json.loads(row["puzzle"])["numbers"]) == size][:300]
        show(f"dfs traces of {size} numbers, compact", [sos.trace(row).text for row in rows] * 10, rows * 10, "trace", "compact")
    if given.reasoning_gym:
        few = [(json.loads(row["puzzle"])["numbers"], json.loads(row["puzzle"])["target"], text[text.index("<answer>") + 8 : -9]) for row, text in made[:5000]]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(few, file)
            file.flush()
            done = subprocess.run([given.reasoning_gym, "-c", REASONING_GYM, file.name], capture_output=True, text=True, check=True)
        theirs, paid = json.loads(done.stdout)
        ours_paid = sum(sos.score_many([text for _, text in made[:5000]], [row for row, _ in made[:5000]]).reward)
        print(f"{'reasoning-gym, bare answers':32} {theirs:>9,.0f} texts/s   ratio {ours / theirs:.0f}   paid {paid} of 5,000, here {ours_paid:.0f}")


if __name__ == "__main__":
    main()
