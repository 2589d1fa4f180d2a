"""Verdicts on texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import _core
from ._core import Puzzle

Span = tuple[int, int]
"""Start and end (exclusive) of a part of a text, in characters."""


@dataclass(frozen=True)
class Error:
    """An error that a check found."""

    error: str
    """The class, such as "arithmetic"."""
    level: str
    """The level that the error breaks: format, transition, bookkeeping, claim or policy."""
    step: int
    """The number of the step (event of the trace), from 0."""
    span: Span | None
    """The place in the text, in characters."""
    found: str
    """What the text says."""
    expected: str
    """What would be right."""

    def __str__(self) -> str:
        found = f": found {self.found}" if self.found else ""
        return f"step {self.step}: {self.error}{found}, expected {self.expected}"


@dataclass(frozen=True)
class Taken:
    """What was taken from a text as its answer."""

    how: str
    """What marks it: answer-tag, boxed, answer-line, fence, or text."""
    span: Span
    """The place in the text, in characters."""
    text: str
    """The answer, up to 1,000 characters."""


@dataclass(frozen=True)
class Verdict:
    """What a check says of a text. The fields have the meaning that they have in `sos check`."""

    text: str = field(repr=False)
    """The text that was checked. Lone surrogates are replaced by U+FFFD."""
    parsed: bool
    """Whether every line was read."""
    solved: bool
    """Whether the text solves the puzzle: by its last answer, or by the first goal of its trace where there is no answer."""
    trace_solved: bool | None
    """Whether the trace alone solves the puzzle; None without a trace."""
    answer_right: bool | None
    """Whether the last answer is right; None without an answer."""
    valid: bool
    """Whether there is no error up to the level."""
    optimal: bool | None
    """Whether no solution is cheaper; None where the puzzle is not solved, or where the cheapest cost is not proven."""
    cost: int | None
    """The cost of the solution; None where there is none."""
    reward: float
    """1.0 where the text solves the puzzle and nothing in it contradicts the solution, else 0.0."""
    errors: tuple[Error, ...]
    """All errors, by place."""
    taken: Taken | None
    """What was taken as the answer; None where the text was read as a trace alone."""
    metrics: Mapping[str, Any] = field(repr=False, compare=False)
    """Counts: nodes, visits, backtracks, depth, errors by class, and more."""
    json: Mapping[str, Any] = field(repr=False, compare=False)
    """The verdict as the program gives it. Its spans count bytes of UTF-8."""

    @property
    def first_error(self) -> Error | None:
        """The first error by place; None where there is none."""
        return self.errors[0] if self.errors else None

    def _repr_html_(self) -> str:
        from ._html import verdict

        return verdict(self)


@dataclass(frozen=True)
class RowVerdict:
    """What a check says of a row of a dataset."""

    good: bool
    """Whether the row is as it should be: a clean text is valid, planted defects are found at their places, labels are right."""
    verdict: Verdict | None
    """The verdict on the row's text; None where the row has no text of its own to check, as in comparisons and prompts for RL."""
    problems: tuple[str, ...]
    """What is wrong with the row's labels."""
    planted: int
    """Number of defects that the row lists."""
    found: int
    """Number of these that were found with equal class, step and span."""
    json: Mapping[str, Any] = field(repr=False, compare=False)
    """The answer of `sos check`. Its spans count bytes of UTF-8."""


def check(
    puzzle: Puzzle | Mapping[str, Any],
    text: str,
    dialect: str = "compact",
    *,
    read: str = "trace",
    level: str = "claim",
    search: str | Mapping[str, Any] | None = None,
    answer: bool = False,
    exact: bool = False,
    compat: str | None = None,
) -> Verdict:
    """Checks a text against its puzzle.

    puzzle: a Puzzle, or a row with `env` and `puzzle`.
    text: any string; a text that cannot be read is a verdict with errors. It may begin with the puzzle's prompt.
    dialect: the dialect of the trace.
    read: "trace" reads a trace in the dialect, "answer" the final answer in free text, "auto" a trace and the answer behind it.
    level: how strict: format, transition, bookkeeping, claim, or policy (which needs `search`).
    search: the search that the trace should be a run of: its name, or a dict with its settings.
    answer: whether an answer section is required.
    exact: whether the text must be the bare grammar, without wrapper tokens and blank lines.
    compat: "stream-of-search" adds the verdicts of that paper's own checker to `json`.

    Raises RequestError where the call is wrong: an unknown dialect, level, reading or search.
    """
    if not isinstance(text, str):
        raise _core.RequestError(f"text: found {type(text).__name__}; send a string")
    puzzle = puzzle if isinstance(puzzle, Puzzle) else Puzzle.from_row(puzzle)
    text = _core.unicode(text)
    request: dict[str, Any] = {"env": puzzle.env, "puzzle": puzzle.json, "text": text, "dialect": dialect, "read": read, "level": level}
    if search is not None:
        request["search"] = {"kind": search} if isinstance(search, str) else dict(search)
    if compat is not None:
        request["compat"] = compat
    request |= {"answer": answer, "exact": exact}
    return _verdict(text, _core.check(request)[0])


def check_row(row: Mapping[str, Any]) -> RowVerdict:
    """Checks a row of a dataset, as `sos check DIR` does: its text, its planted defects and its labels.

    row: a dict with the columns of the dataset. A model's text may stand in the place of `completion`.

    Raises RequestError where the row is no row: without `env`, with a puzzle that cannot be read, without a text.
    """
    if not isinstance(row, Mapping):
        raise _core.RequestError(f"row: found {type(row).__name__}; send a dict with the columns of a row")
    request = _plain(row)
    answer, good = _core.check(request)
    defects = answer.get("defects")
    told = defects if isinstance(defects, dict) else {}
    verdict = _verdict(_whole(request), answer) if "parsed" in answer else None
    problems = tuple(str(problem) for problem in answer.get("problems", ()))
    return RowVerdict(good, verdict, problems, told.get("planted", 0), told.get("found", 0), answer)


def _plain(value: Any) -> Any:
    """A value without lone surrogates."""
    if isinstance(value, str):
        return _core.unicode(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def _whole(row: Mapping[str, Any]) -> str:
    """The text of a row that its spans count in."""
    if "text" in row:
        return str(row["text"])
    prompt = row.get("prompt", "")
    return (prompt if isinstance(prompt, str) else "") + str(row.get("completion", ""))


def _verdict(text: str, answer: dict[str, Any]) -> Verdict:
    errors, taken = answer["errors"], answer.get("taken")
    bytes_of = [error["span"] for error in errors] + [taken["span"] if taken else None]
    spans = _in_characters(text, bytes_of)
    return Verdict(
        text=text,
        errors=tuple(_error(error, span) for error, span in zip(errors, spans)),
        taken=Taken(taken["how"], spans[-1] or (0, 0), taken["text"]) if taken else None,
        json=answer,
        **{name: answer[name] for name in _SAME},
    )


_SAME = ("parsed", "solved", "trace_solved", "answer_right", "valid", "optimal", "cost", "reward", "metrics")


def _error(error: Mapping[str, Any], span: Span | None) -> Error:
    return Error(error["class"], error["level"], error["step"], span, error["found"], error["expected"])


def _in_characters(text: str, spans: Sequence[Sequence[int] | None]) -> list[Span | None]:
    """Spans in bytes of UTF-8 as spans in characters."""
    places = iter(_core.characters(text, [place for span in spans if span for place in span]))
    return [(next(places), next(places)) if span else None for span in spans]
