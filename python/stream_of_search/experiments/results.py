"""Results of runs, read from their lines, with intervals."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from .._core import RequestError
from .measures import MEASURES, NUMBERS
from .experiment import Reading

#: Samples of a bootstrap, and its seed.
_SAMPLES = 4000

#: An interval needs outcomes of this many puzzles in each seed. A bootstrap over fewer says next to nothing about the others.
_LEAST_TOLD = 5


@dataclass(frozen=True)
class Interval:
    """A share in points of 100, with its interval of 95 %."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.0f} [{self.low:.0f}, {self.high:.0f}]"


@dataclass(frozen=True)
class Line:
    """A point of a run on a pack. The fields are those of the file."""

    arm: str
    digest: str
    seed: int
    unit: str
    amount: int
    pack: str
    tokens: int
    rows: int
    steps: int
    seconds: float
    loss: float
    written: int
    outcomes: dict[str, str]
    errors: dict[str, int]
    numbers: dict[str, float] = field(default_factory=dict)
    samples: tuple[str, ...] = ()
    """Whether answers that were drawn solve the puzzles, a text for each draw."""
    samples_written: int = 0


class Results:
    """All lines of an experiment at a scale."""

    def __init__(self, name: str, scale: str, lines: Sequence[Line]) -> None:
        self.name, self.scale, self.lines = name, scale, lines

    def seeds(self, arm: str) -> list[int]:
        """The seeds of an arm that have any line."""
        return sorted({line.seed for line in self.lines if line.arm == arm})

    def last(self) -> int:
        """The greatest budget in tokens that any run reached."""
        return max(line.amount for line in self.lines if line.unit == "tokens")

    def at(self, arm: str, pack: str, unit: str, amount: int | None = None) -> list[Line]:
        """The lines of all seeds of an arm at a budget; by default at the greatest one that any arm has reached.

        An arm whose rows are the longest has no line of its own for the budget in rows: there its last one in tokens stands.
        """
        lines = [line for line in self.lines if line.arm == arm and line.pack == pack]
        if amount is None:
            own = [line.amount for line in lines if line.unit == unit]
            unit = unit if own else "tokens"
            amount = max(own) if own and unit == "rows" else self.last()
        return sorted((line for line in lines if (line.unit, line.amount) == (unit, amount)), key=lambda line: line.seed)

    def curve(self, arm: str, pack: str) -> list[list[Line]]:
        """The lines of an arm at each of its budgets, in the order of their tokens."""
        budgets = {(line.unit, line.amount) for line in self.lines if line.arm == arm and line.pack == pack}
        points = [self.at(arm, pack, unit, amount) for unit, amount in budgets]
        return sorted(points, key=lambda lines: lines[0].tokens)


def read(folder: Path) -> Results:
    """The results in a folder `SCALE/NAME`. Raises RequestError where a line is none."""
    lines = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                lines.append(_line(json.loads(text)))
            except (ValueError, KeyError, TypeError) as error:
                raise RequestError(f"{path}:{number}: found {text[:80]!r}, which is no line of results ({error})") from error
    return Results(folder.name, folder.parent.name, lines)


def _line(found: dict[str, Any]) -> Line:
    outcomes = {measure: found[measure] for measure in MEASURES if measure in found}
    numbers = {name: float(found[name]) for name in NUMBERS if name in found}
    found = {"samples": (), "samples_written": 0, "outcomes": outcomes, "numbers": numbers} | found
    own = {name: found[name] for name in Line.__dataclass_fields__}
    return Line(**own | {"samples": tuple(own["samples"])})


def matrix(lines: Iterable[Line], measure: str) -> np.ndarray:
    """Outcomes, [seeds, rows]: 1, 0, or none (NaN) where the row is left out. A text that has nothing that could be right has a 0."""
    values = {"1": 1.0, "0": 0.0, "-": 0.0, ".": np.nan}
    return np.array([[values[bit] for bit in line.outcomes[measure]] for line in lines])


def best_of(lines: Sequence[Line], k: int) -> np.ndarray:
    """The chance that one of k answers, taken at random of those that were drawn, solves the puzzle: [seeds, puzzles].

    The unbiased estimate of Chen et al. (2021), "Evaluating large language models trained on code", section 2.1.
    """
    right = np.array([np.array([[bit == "1" for bit in draw] for draw in line.samples]).sum(0) for line in lines])
    count = len(lines[0].samples)
    none = np.array([math.comb(count - number, k) / math.comb(count, k) for number in range(count + 1)])
    return 1 - none[right]


def interval(ours: np.ndarray, others: np.ndarray | None = None) -> Interval:
    """The mean of outcomes, or the mean of their differences from others of the same puzzles, with its interval.

    A bootstrap over seeds and over puzzles: both are drawn with replacement, and puzzles are the same for both sides (Efron and Tibshirani 1993, chapter 13).
    Where rows are left out, a sample without any outcome is left out as well. Where a seed has outcomes of fewer than five puzzles, the interval is as wide as
    it can be.
    """
    draws = np.random.default_rng(0)
    sides = [ours] if others is None else [ours, others]
    puzzles = min(side.shape[1] for side in sides)
    values = np.zeros(_SAMPLES)
    chosen = draws.integers(puzzles, size=(_SAMPLES, puzzles))
    counts = np.bincount((chosen + puzzles * np.arange(_SAMPLES)[:, None]).ravel(), minlength=_SAMPLES * puzzles).reshape(_SAMPLES, puzzles) / puzzles
    for side, sign in zip(sides, (1, -1), strict=False):
        # By puzzle and sample, then by seed: [samples, seeds].
        told = ~np.isnan(side[:, :puzzles])
        weights = counts @ told.T
        means = np.divide(counts @ np.where(told, side[:, :puzzles], 0).T, weights, out=np.full_like(weights, np.nan), where=weights > 0)
        seeds = draws.integers(len(side), size=(_SAMPLES, len(side)))
        values += sign * np.take_along_axis(means, seeds, 1).mean(1)
    means_of_sides = [float(np.nanmean(side, 1).mean()) for side in sides]
    value = means_of_sides[0] - (means_of_sides[1] if len(sides) > 1 else 0)
    if min(int((~np.isnan(side)).sum(1).min()) for side in sides) < _LEAST_TOLD:
        return Interval(100 * value, 0.0 if others is None else -100.0, 100.0)
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return Interval(100 * value, 100 * low, 100 * high)


def judge(results: Results, reading: Reading) -> tuple[Interval, str] | None:
    """What came of a reading, and whether it holds; None where its runs have not ended.

    `holds`: the whole interval lies within the bounds. `fails`: the whole interval lies outside. `open`: neither.
    """
    asked = [(reading.arm, reading.pack)]
    if reading.against or reading.against_pack:
        asked.append((reading.against or reading.arm, reading.against_pack or reading.pack))
    lines = [results.at(arm, pack, reading.at) for arm, pack in asked]
    if not all(lines):
        return None
    found = interval(*(matrix(side, reading.measure) for side in lines))
    least = float("-inf") if reading.at_least is None else reading.at_least
    most = float("inf") if reading.at_most is None else reading.at_most
    if least <= found.low and found.high <= most:
        return found, "holds"
    return found, "fails" if found.high < least or found.low > most else "open"
