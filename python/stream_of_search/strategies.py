"""Hypothesis strategies: puzzles, traces, traces with a planted defect, right and wrong answers, and hostile texts.

They test parsers, rewards and solvers of your own. The labels do not come from the parser or the checker of texts, so both can be tested with them,
too. `pip install hypothesis`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from . import _core
from ._core import Puzzle

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

    from .environment import Environment

__all__ = [
    "Answered",
    "Damaged",
    "Defect",
    "Traced",
    "answers",
    "damaged_traces",
    "hostile_texts",
    "puzzles",
    "traces",
]

_SEEDS = 2**32 - 1
#: How often a puzzle is made smaller. Hypothesis shrinks to the first of these; most puzzles are as they were drawn.
_REDUCTIONS = (24, 12, 8, 6, 4, 3, 2, 1, *[0] * 16)
_MOST_NODES = 300
_ANSWERS = ("cheapest", "cheapest", "detour", "cut", "skipped", "illegal", "random", "no-solution")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Traced:
    """A puzzle, and the text of a search on it.

    search: the settings of the search, as in a recipe. outcome: `solved`, `exhausted` or `budget`.
    """

    puzzle: Puzzle
    dialect: str
    prompt: str
    text: str
    search: Mapping[str, Any]
    outcome: str


@dataclass(frozen=True)
class Defect:
    """A planted defect. kind: the corruption. error, level, step: what a check should say first. span: characters of the text."""

    kind: str
    error: str
    level: str
    step: int
    span: tuple[int, int]
    found: str
    expected: str


@dataclass(frozen=True)
class Damaged:
    """A trace with one planted defect, and the same trace without it."""

    puzzle: Puzzle
    dialect: str
    prompt: str
    text: str
    clean: str
    search: Mapping[str, Any]
    defect: Defect


@dataclass(frozen=True)
class Answered:
    """An answer to a puzzle, and the truth about it.

    text: the answer section of a dialect. plain: the same answer without a dialect, as a model may write it.
    right: whether it solves the puzzle, or says that there is no solution where there is none. cost: of a right answer with moves.
    kind: how it was made. A kind that aims at wrong answers may give a right one; `right` is the truth.
    """

    puzzle: Puzzle
    dialect: str
    text: str
    plain: str
    right: bool
    cost: int | None
    kind: str


def _composite(make: Callable[[DrawFn], _Made]) -> SearchStrategy[_Made]:
    from hypothesis import strategies as st

    return st.composite(make)()


def _name(env: str | type[Environment]) -> str:
    return env if isinstance(env, str) else env.name


def _drawn(draw: DrawFn, env: str, level: str, settings: str | None) -> str:
    from hypothesis import strategies as st

    seed = draw(st.integers(0, _SEEDS))
    count = draw(st.sampled_from(_REDUCTIONS))
    # One number for all choices: a case with more draws counts as a larger one, and would not be shrunk to.
    path = draw(st.integers(0, _SEEDS))
    choices = [path >> 5 * (place % 6) & 31 for place in range(count)]
    return _core.strategy_puzzle(env, level, seed, choices, settings)


def puzzles(
    env: str | type[Environment], *, level: str = "easy", settings: Mapping[str, Any] | None = None
) -> SearchStrategy[Puzzle]:
    """Puzzles of an environment.

    level: `easy`, `medium` or `hard`. settings: of the generator, in the place of a level.

    They shrink to puzzles with less in them: parts of their JSON are left out and numbers become smaller, as long as the environment takes them
    and they stay solvable. Such a puzzle can lie outside of the settings. Raises RequestError where there is no such environment or level.
    """
    name, given = _name(env), None if settings is None else json.dumps(dict(settings))
    _core.strategy_puzzle(name, level, 0, [], given)
    return _composite(lambda draw: Puzzle(name, _drawn(draw, name, level, given)))


def _searches(env: str, dialect: str, searches: Sequence[str] | None) -> list[str]:
    known = _core.strategy_searches(env, dialect)
    for search in searches or ():
        if search not in known:
            raise _core.RequestError(f"searches: found {search!r}; allowed for {env} in {dialect}: {', '.join(known)}")
    return [search for search in known if searches is None or search in searches]


def _traced(draw: DrawFn, env: str, level: str, dialect: str, searches: list[str], **damage: Any) -> tuple[str, dict[str, Any] | None]:
    from hypothesis import strategies as st

    puzzle = _drawn(draw, env, level, None)
    search = draw(st.sampled_from(searches))
    nodes = draw(st.integers(1, _MOST_NODES))
    seed = draw(st.integers(0, _SEEDS))
    try:
        return puzzle, _core.strategy_trace(env, puzzle, dialect, search, nodes, seed, **damage)
    except _core.RequestError:  # the search does not fit this puzzle
        return puzzle, None


def traces(
    env: str | type[Environment], *, dialect: str = "compact", level: str = "easy", searches: Sequence[str] | None = None
) -> SearchStrategy[Traced]:
    """Traces of searches with random settings, of up to 300 nodes. About half of those that find a solution have an answer section.

    searches: names of searches; by default all that fit the environment and the dialect.

    A trace shrinks to a breadth-first search, to fewer nodes, and to a smaller puzzle.
    """
    from hypothesis import assume

    name = _name(env)
    kinds = _searches(name, dialect, searches)

    def make(draw: DrawFn) -> Traced:
        puzzle, told = _traced(draw, name, level, dialect, kinds)
        assume(told is not None)
        assert told is not None
        return Traced(Puzzle(name, puzzle), dialect, told["prompt"], told["text"], json.loads(told["search"]), told["outcome"])

    return _composite(make)


def damaged_traces(
    env: str | type[Environment],
    *,
    dialect: str = "compact",
    level: str = "easy",
    searches: Sequence[str] | None = None,
    kind: str | None = None,
) -> SearchStrategy[Damaged]:
    """Traces with one planted defect, and its label.

    kind: the corruption, such as `wrong-state`; by default any that fits the dialect. They shrink as `traces` do.
    """
    from hypothesis import assume

    name = _name(env)
    kinds = _searches(name, dialect, searches)

    def make(draw: DrawFn) -> Damaged:
        puzzle, told = _traced(draw, name, level, dialect, kinds, damaged=True, kind=kind)
        assume(told is not None)
        assert told is not None
        label = told["defect"]
        defect = Defect(label["kind"], label["class"], label["level"], label["step"], told["span"], label["found"], label["expected"])
        return Damaged(Puzzle(name, puzzle), dialect, told["prompt"], told["text"], told["clean"], json.loads(told["search"]), defect)

    return _composite(make)


def answers(env: str | type[Environment], *, dialect: str = "compact", level: str = "easy") -> SearchStrategy[Answered]:
    """Right and wrong answers, each with the truth about it; about four of ten are right.

    A wrong one lacks a move, has a move that is not possible, walks at random, or says that there is no solution. They shrink to smaller puzzles.
    """
    from hypothesis import strategies as st

    name = _name(env)

    def make(draw: DrawFn) -> Answered:
        puzzle = _drawn(draw, name, level, None)
        kind = draw(st.sampled_from(_ANSWERS))
        told = _core.strategy_answer(name, puzzle, dialect, kind, draw(st.integers(0, _SEEDS)))
        return Answered(Puzzle(name, puzzle), dialect, told["text"], told["plain"], told["right"], told["cost"], kind)

    _core.strategy_searches(name, dialect)
    return _composite(make)


#: What parsers stumble over: signs and words of numbers, ends of lines, signs that are not what they look like.
_PIECES = ("0", "-1", "00", "9", "9" * 20, "1e9", "NaN", "٣", " ", "\n", "\r\n", "\t", "\0", "\u2028", "\u202e", "é", "e\u0301", "😀", '"', "[]", "<|im_end|>", "\ufeff", "\ud800")


def hostile_texts(like: str) -> SearchStrategy[str]:
    """Texts like the given one with up to four changes: cut, changed, repeated, nested thousands deep, with lines exchanged, or replaced altogether.

    They can have lone surrogates, which UTF-8 cannot write, and are at most 64 Ki characters longer than the given one. A text shrinks to one with
    fewer changes.
    """
    from hypothesis import strategies as st

    piece = st.sampled_from(_PIECES) | st.text(max_size=8)

    def make(draw: DrawFn) -> str:
        text = like
        for _ in range(draw(st.integers(0, 4))):
            text = _harmed(draw, text, piece)
        return text[: len(like) + 2**16]

    return _composite(make)


def _harmed(draw: DrawFn, text: str, piece: SearchStrategy[str]) -> str:
    from hypothesis import strategies as st

    harm = draw(st.sampled_from(("cut", "insert", "set", "remove", "cut front", "repeat", "deepen", "swap lines", "replace")))
    at = draw(st.integers(0, len(text)))
    if harm == "cut":
        return text[:at]
    if harm == "cut front":
        return text[at:]
    if harm == "insert":
        return text[:at] + draw(piece) + text[at:]
    if harm == "set":
        return text[:at] + draw(piece) + text[at + 1 :]
    if harm == "remove":
        return text[:at] + text[at + draw(st.integers(1, 30)) :]
    if harm == "repeat":
        return text[:at] + text[at : at + draw(st.integers(1, 200))] * draw(st.integers(2, 50)) + text[at:]
    if harm == "deepen":
        return text[:at] + draw(st.sampled_from("[({<\"")) * draw(st.integers(1, 20_000)) + text[at:]
    if harm == "swap lines":
        lines = text.split("\n")
        one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        lines[one], lines[other] = lines[other], lines[one]
        return "\n".join(lines)
    return draw(st.text(max_size=200))
