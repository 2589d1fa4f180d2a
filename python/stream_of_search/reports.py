"""Totals over rollouts: what `sos score` measures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import _core
from ._core import FolderError, Puzzle, RequestError
from .checking import _plain
from .scoring import Score, Scores

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
class Report:
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
    rows: Scores = field(repr=False)
    """The scores of the rollouts: in the order of the given rows; for a file, group by group. A row that cannot be read has an `error`."""
    json: Mapping[str, Any] = field(repr=False)
    """The answer of `sos score --json`."""


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
    """Scores rollouts and gives totals: what `sos score` does, in a process of its own, which knows no environments that are written in Python.

    rollouts: a file (JSON Lines, plain or packed, or Parquet), or rows as dicts. A row has `env`, `puzzle` and `text`, or `prompt` and
        `completion`; rollouts of one puzzle are a group.
    dataset: the folder of a dataset whose puzzles the rows name by `id`.
    k: the k that `pass_at` must have. It has 1, 2, 4 … up to the size of the smallest group.
    read: how texts are read whose rows have no field `read`: "trace", "answer" or "auto".
    search: a search that each text is compared with: its name, or a dict with its settings.
    seed: the resamples of the intervals follow from it.

    Raises RequestError where the call is wrong, where no row can be read, or where a k is not known for these groups; FolderError where the
    file cannot be read.
    """
    options = ["--read", read, *_search(search), *(["--dataset", os.fspath(dataset)] if dataset is not None else [])]
    options += ["--threads", str(threads)] if threads else []
    with _file(rollouts) as (path, numbered):
        totals = json.loads(_run([path, "--json", "--seed", str(seed), *options]))
        told = [_scored(json.loads(line)) for line in _run([path, "--rows", *options]).split("\n") if line]
    pass_at = {int(size): Mean(**mean) for size, mean in totals["pass_at"].items()}
    for size in k:
        if size not in pass_at:
            known = ", ".join(map(str, pass_at)) or "none"
            raise RequestError(f"k: found {size}; known for these rollouts: {known} (powers of two up to the size of the smallest group)")
    if numbered:
        told.sort(key=lambda row: row["place"])
    return Report(
        count=totals["rows"],
        pass_at=dict(sorted(pass_at.items())),
        rows=Scores(_core.Scores(told)),
        json=totals,
        groups=totals["groups"],
        first_errors=totals["first_errors"],
        unreadable=totals["unreadable"],
        solved=Mean(**totals["solved"]),
        valid=Mean(**totals["valid"]),
        optimal=Mean(**totals["optimal"]),
        wrong_steps=Mean(**totals["wrong_steps"]),
        length=Mean(**totals["length"]),
    )


_PLACE = "place_in_python"
_NUMBERS = ("reward", "solved", "valid", "optimal", "trace_valid", "first_error", "nodes", "steps", "wrong_steps", "claims", "length", "penalty")


def _search(search: str | Mapping[str, Any] | None) -> list[str]:
    if search is None:
        return []
    return ["--search", json.dumps({"kind": search} if isinstance(search, str) else dict(search))]


@contextmanager
def _file(rollouts: Rows) -> Iterator[tuple[str, bool]]:
    """A file with the rollouts, and whether its rows have their place."""
    if isinstance(rollouts, (str, os.PathLike)):
        # A path that begins with a dash is no option.
        yield os.path.join(os.curdir, os.fspath(rollouts)) if not os.path.isabs(rollouts) else os.fspath(rollouts), False
        return
    if isinstance(rollouts, Mapping):
        raise RequestError("rollouts: found one dict; send a file, or a list of dicts")
    with tempfile.TemporaryDirectory(prefix="stream-of-search-") as folder:
        path = Path(folder, "rollouts.jsonl")
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for place, row in enumerate(rollouts):
                file.write(_line(row, place) + "\n")
        yield str(path), True


def _line(row: Mapping[str, Any], place: int) -> str:
    if not isinstance(row, Mapping):
        raise RequestError(f"rollouts: row {place}: found {type(row).__name__}; send a dict")
    told = {name: _plain(value) for name, value in row.items() if value is not None}
    try:
        return json.dumps(told | {_PLACE: place}, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise RequestError(f"rollouts: row {place}: {error}") from None


def _run(arguments: list[str]) -> str:
    """What the program `sos score` prints."""
    paths = [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    command = [sys.executable, "-m", "stream_of_search", "score", *arguments]
    done = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL, check=False)
    if done.returncode == 0:
        return done.stdout.decode("utf-8")
    message = done.stderr.decode("utf-8", "replace").strip().removeprefix("sos: ").removeprefix("error: ")
    message = message.split("\n\nFor more information", 1)[0]
    raise (FolderError if "(os error" in message or done.returncode == 3 else RequestError)(message)


def _scored(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a Score, from a row of `sos score --rows`."""
    place = row.get(_PLACE, 0)
    if "error" in row and "reward" not in row:
        error = row["error"]
        return _NOTHING | {"id": _id(row), "error": f"{error['field']}: {error['message']}", "place": place}
    taken = row.get("taken") or {}
    told = {name: row[name] for name in _NUMBERS}
    right = row.get("answer_right", row["solved"] if taken else None)
    return told | {
        "id": _id(row),
        "reward": float(row["reward"]),
        "answer_right": right,
        "taken": taken.get("text"),
        "how": taken.get("how"),
        "error": None,
        "place": place,
    }


_NOTHING = dict.fromkeys(field for field in Score.__dataclass_fields__) | {
    **dict.fromkeys(("solved", "valid", "optimal"), False),
    **dict.fromkeys(("nodes", "steps", "wrong_steps", "claims", "length"), 0),
    **dict.fromkeys(("reward", "penalty"), 0.0),
}


def _id(row: Mapping[str, Any]) -> str:
    """The id of a row: its own, or that of its puzzle; empty where it has neither."""
    if isinstance(row.get("id"), str):
        return str(row["id"])
    try:
        return Puzzle.from_row(row).id
    except RequestError:
        return ""
