"""Totals over rollouts: what `sos score` measures."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from . import _core
from ._core import RequestError
from .checking import _plain
from .scoring import Scores

Rows = str | os.PathLike[str] | Iterable[Mapping[str, Any]]
"""A file of rollouts, or rollouts."""


class Mean(float):
    """A mean over groups, with the ends of its 95 % interval: `low` and `high`. They are None where there are fewer than two groups."""

    low: float | None
    high: float | None

    def __new__(cls, mean: float, low: float | None = None, high: float | None = None) -> Mean:
        made = super().__new__(cls, mean)
        made.low, made.high = low, high
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Mean, (float(self), self.low, self.high)

    def __repr__(self) -> str:
        between = "" if self.low is None else f" [{self.low:.4f}, {self.high:.4f}]"
        return f"{float(self):.4f}{between}"


@dataclass(frozen=True)
class Totals:
    """Totals over rollouts. The words are those of `sos score`."""

    count: int
    """Number of rollouts."""
    groups: int
    """Number of groups: of puzzles, or of values of the field `group`."""
    solved: Mean
    """Share of rollouts that solve their puzzle."""
    valid: Mean
    """Share of rollouts without an error."""
    optimal: Mean
    """Share of rollouts with a proven cheapest solution."""
    wrong_steps: Mean
    """Share of wrong steps among all steps."""
    length: Mean
    """Mean length of a rollout in bytes."""
    pass_at: Mapping[int, Mean]
    """The probability that at least one of k rollouts of a puzzle solves it, by k."""
    first_errors: Mapping[str, int]
    """Number of first errors by class."""
    unreadable: Mapping[str, int]
    """Number of rows that cannot be read, by the wrong field."""
    json: Mapping[str, Any] = field(repr=False)
    """All of them, as `sos score --json` prints them."""


@dataclass(frozen=True)
class Report(Totals):
    """Totals over rollouts, and their scores."""

    rows: Scores = field(repr=False)
    """The scores of the rollouts: in the order of the given rows; for a file, group by group. A row that cannot be read has an `error`."""


@dataclass(frozen=True)
class FileTotals(Totals):
    """Totals over the rollouts of one of several files."""

    file: str
    step: int | None
    """The number of the checkpoint that wrote it, as its rows, its name or its folder's tell it."""
    puzzles: int
    """Number of puzzles."""


@dataclass(frozen=True)
class Difference:
    """What a file differs in from the first one, over the puzzles that both have. A mean is above 0 where the file has more."""

    file: str
    step: int | None
    """The number of its checkpoint."""
    against: str
    """The first file."""
    shared: int
    """Number of puzzles that both have."""
    solved: Mean
    """The share of rollouts that solve their puzzle."""
    pass_at: Mapping[int, Mean]
    """The probability that at least one of k rollouts of a puzzle solves it, by k."""
    answer_right: Mean | None
    """The share of right answers, over the puzzles that have an answer in both files; None where no puzzle has."""
    wrong_to_right: int
    """Number of puzzles that some rollout of the file solves, and none of the first one."""
    right_to_wrong: int
    """Number of puzzles that some rollout of the first file solves, and none of this one."""
    only_here: Sequence[str]
    """Ids of the puzzles that only the file has. They are compared with nothing."""
    only_there: Sequence[str]
    """Ids of the puzzles that only the first file has."""


@dataclass(frozen=True)
class Comparison:
    """Several files of rollouts, each compared with the first."""

    files: Sequence[FileTotals]
    """The files. Those with the number of a checkpoint come behind the others, in its order."""
    differences: Sequence[Difference]
    """The differences of all files but the first."""
    json: Mapping[str, Any] = field(repr=False)
    """The answer of `sos score FILE FILE --json`."""


def score(
    rollouts: Rows,
    dataset: str | os.PathLike[str] | None = None,
    *,
    k: Sequence[int] = (),
    read: str = "trace",
    search: str | Mapping[str, Any] | None = None,
    seed: int = 0,
    threads: int | None = None,
) -> Report:
    """Scores rollouts and gives totals, as `sos score` does: in this process, so environments that are written in Python can be scored as well.

    It runs in threads, without the interpreter's lock. An interrupt ends it.

    rollouts: a file (JSON Lines, plain or packed, or Parquet), or rows as dicts. A row has `env`, `puzzle` and `text`, or `prompt` and
        `completion`; rollouts of one puzzle are a group.
    dataset: the folder of a dataset whose puzzles the rows name by `id`.
    k: the k that `pass_at` must have. It has 1, 2, 4 … up to the size of the smallest group.
    read: how texts are read whose rows have no field `read`: "trace", "answer" or "auto".
    search: a search that each text is compared with: its name, or a dict with its settings.
    seed: the resamples of the intervals follow from it.
    threads: number of threads; all processors by default. No number depends on it.

    Raises RequestError where the call is wrong, where no row can be read, or where a k is not known for these groups; FolderError where the
    file cannot be read; RulesError where the code of an environment in Python fails.
    """
    _check(seed, threads)
    folder = None if dataset is None else os.fspath(dataset)
    with _file(rollouts) as (path, name, by_line):
        totals, scores = _core.score_file(path, name, folder, read, _config(search), seed, threads or 0, by_line)
    pass_at = _pass_at(totals["pass_at"])
    for size in k:
        if size not in pass_at:
            known = ", ".join(map(str, pass_at)) or "none"
            raise RequestError(f"k: found {size}; known for these rollouts: {known} (powers of two up to the size of the smallest group)")
    return Report(**_totals(totals), rows=Scores(scores))


def compare(
    files: Iterable[str | os.PathLike[str]],
    dataset: str | os.PathLike[str] | None = None,
    *,
    read: str = "trace",
    search: str | Mapping[str, Any] | None = None,
    seed: int = 0,
    threads: int | None = None,
) -> Comparison:
    """Compares files of rollouts of the same puzzles with the first one, as `sos score FILE FILE` does: what two models, or one model at several checkpoints, wrote.

    files: two files or more, each as `score` takes one.
    All else is as for `score`. The intervals of differences are from resamples of the shared puzzles, the same ones in both files.

    Raises what `score` raises, and RequestError where there are fewer than two files.
    """
    if isinstance(files, (str, os.PathLike)):
        raise RequestError(f"files: found one, {os.fspath(files)!r}; send a list of two or more; `score` is for one")
    paths = [os.fspath(file) for file in files]
    if len(paths) < 2:
        raise RequestError(f"files: found {len(paths)}; send two or more; `score` is for one")
    _check(seed, threads)
    folder = None if dataset is None else os.fspath(dataset)
    # A file that has this name is not standard input.
    paths = [os.path.join(os.curdir, path) if path == "-" else path for path in paths]
    found = _core.compare_files(paths, folder, read, _config(search), seed, threads or 0)
    return Comparison(
        files=[FileTotals(**_totals(one["totals"]), file=one["file"], step=one["step"], puzzles=one["puzzles"]) for one in found["files"]],
        differences=[_difference(one) for one in found["differences"]],
        json=found,
    )


def _check(seed: int, threads: int | None) -> None:
    if not 0 <= seed < 2**64:
        raise RequestError(f"seed: found {seed}; allowed: a whole number from 0 to {2**64 - 1}")
    if threads is not None and threads < 0:
        raise RequestError(f"threads: found {threads}; allowed: 1 and more, or 0 for all processors")


def _config(search: str | Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {"kind": search} if isinstance(search, str) else search if search is None else dict(search)


def _pass_at(found: Mapping[str, Any]) -> dict[int, Mean]:
    return dict(sorted((int(size), Mean(**mean)) for size, mean in found.items()))


def _totals(totals: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Totals`."""
    means = {name: Mean(**totals[name]) for name in ("solved", "valid", "optimal", "wrong_steps", "length")}
    counts = {name: totals[name] for name in ("groups", "first_errors", "unreadable")}
    return {**means, **counts, "count": totals["rows"], "pass_at": _pass_at(totals["pass_at"]), "json": totals}


def _difference(found: Mapping[str, Any]) -> Difference:
    told = {name: found[name] for name in ("file", "step", "against", "shared", "wrong_to_right", "right_to_wrong", "only_here", "only_there")}
    answers = found["answer_right"]
    return Difference(**told, solved=Mean(**found["solved"]), pass_at=_pass_at(found["pass_at"]), answer_right=answers and Mean(**answers))


@contextmanager
def _file(rollouts: Rows) -> Iterator[tuple[str, str, bool]]:
    """A file with the rollouts, its name in messages, and whether its rows were given in an order."""
    if isinstance(rollouts, (str, os.PathLike)):
        path = os.fspath(rollouts)
        # A file that has this name is not standard input.
        yield os.path.join(os.curdir, path) if path == "-" else path, path, False
        return
    if isinstance(rollouts, Mapping):
        raise RequestError("rollouts: found one dict; send a file, or a list of dicts")
    with tempfile.TemporaryDirectory(prefix="stream-of-search-") as folder:
        path = os.path.join(folder, "rollouts.jsonl")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(_line(row, place) + "\n" for place, row in enumerate(rollouts))
        yield path, "rollouts", True


def _line(row: Mapping[str, Any], place: int) -> str:
    if not isinstance(row, Mapping):
        raise RequestError(f"rollouts: row {place}: found {type(row).__name__}; send a dict")
    told = {name: _plain(value) for name, value in row.items() if value is not None}
    try:
        return json.dumps(told, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RequestError(f"rollouts: row {place}: {error}") from None
