"""Rows a second by `for batch in ds.batches(1024)`, beside those of the program, one thread each, in turns.

    python python/benches/batches.py [--recipe countdown] [--config search] [--seconds 2] [--runs 5]

`sos bench` measures whole rows of the same recipe with the same record config, and `sos generate` writes them as JSON Lines. Ratios are to `sos bench`.
Compare a build with another only if it is of the same kind: a build for debugging is several times slower.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import stream_of_search as sos

SIZE = 1024


def program(*arguments: str) -> str:
    command = [sys.executable, "-m", "stream_of_search", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def rust(recipe: Path, seconds: float) -> float:
    """Rows a second that `sos bench` measures."""
    told = json.loads(program("bench", str(recipe), "--threads", "1", "--runs", "1", "--seconds", str(seconds), "--json", "-q"))
    (rows,) = [stage for stage in told["recipes"][0]["stages"] if stage["stage"] == "rows"]
    return float(rows["items"]["median"])


def written(recipe: Path, rows: int) -> float:
    """Rows a second that `sos generate` writes, the start of the program left out: it is measured by a run for one row."""
    took = []
    for count in (1, rows):
        with tempfile.TemporaryDirectory() as folder:
            started = time.perf_counter()
            program("generate", str(recipe), "--out", folder, "--format", "jsonl", "--threads", "1", "--count", f"train={count}")
            took.append(time.perf_counter() - started)
    return (rows - 1) / (took[1] - took[0])


def timed(parts: Iterator[int], seconds: float) -> float:
    """Rows a second: `parts` gives numbers of rows, the first of which warms up."""
    next(parts)
    started, rows = time.perf_counter(), 0
    for part in parts:
        rows += part
        if time.perf_counter() - started > seconds:
            break
    return rows / (time.perf_counter() - started)


def ways(ds: sos.Dataset) -> dict[str, Callable[[], Iterator[int]]]:
    """The ways to read rows in Python."""

    def batches() -> sos.Batches:
        return ds.batches(SIZE, rows=ds.capacity)

    def dicts() -> Iterator[int]:
        return (len(batch.to_pylist()) for batch in batches())

    def shuffled() -> Iterator[int]:
        return (len(batch) for batch in ds.batches(SIZE, rows=ds.capacity, shuffle=1))

    def indexed() -> Iterator[int]:
        return (bool(ds[index]) for index in range(len(ds)))

    return {
        f"for batch in ds.batches({SIZE})": lambda: (len(batch) for batch in batches()),
        f"ds.batches({SIZE}, shuffle=1)": shuffled,
        "batch.to_pylist()": dicts,
        "ds[index]": indexed,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="countdown")
    parser.add_argument("--config", default="search")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    ds = sos.load(options.recipe, config=options.config)
    rates: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        recipe = Path(folder) / "recipe.toml"
        recipe.write_text(ds.recipe, encoding="utf-8")
        for _ in range(options.runs):
            rates.setdefault("sos bench", []).append(rust(recipe, options.seconds))
            for way, parts in ways(ds).items():
                rates.setdefault(way, []).append(timed(parts(), options.seconds))
            rows = min(int(rates["sos bench"][0] * options.seconds) + 2, ds.capacity)
            rates.setdefault("sos generate --format jsonl", []).append(written(recipe, rows))
    print(f"{ds!r}, one thread, medians of {options.runs} runs, in brackets least and greatest")
    for way, of in rates.items():
        ratio = statistics.median(a / b for a, b in zip(of, rates["sos bench"], strict=True))
        print(f"{way:34}{statistics.median(of):10,.0f} rows/s  [{min(of):,.0f}, {max(of):,.0f}]  {ratio:6.2f}")


if __name__ == "__main__":
    main()
