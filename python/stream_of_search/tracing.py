"""Traces of searches, and the trees that texts tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from . import _core
from ._core import Puzzle
from .checking import Span, _in_characters


@dataclass(frozen=True)
class Node:
    """A node of the tree that a text tells."""

    id: int
    """Its number, in the order in which the text mentions nodes."""
    parent: int | None
    """The number of the parent; None for a root."""
    depth: int
    """Number of moves from the root."""
    move: str | None
    """The move from the parent; None for a root."""
    state: str
    """The state, as messages show it."""
    g: int | None
    """The cost from the root, where the text tells it."""
    span: Span | None
    """The place where the text first tells the node, in characters; None for a root that stands only in the prompt."""
    visits: tuple[int, ...]
    """The visits of the node: their numbers among all visits of the text, from 0."""
    marks: tuple[str, ...]
    """What the text says of the node: goal, dead-end, seen, cut, pruned, meeting, goal-root."""


@dataclass(frozen=True)
class Trace:
    """What a search did on a puzzle, as a text."""

    puzzle: Puzzle
    """The puzzle."""
    dialect: str
    """The dialect of the text."""
    prompt: str = field(repr=False)
    """What a model is given."""
    text: str = field(repr=False)
    """What a model is trained to write."""
    outcome: str
    """solved, exhausted, budget, or another word of the search."""
    cost: int | None
    """The cost of the solution that the search found; None where it found none."""
    metrics: Mapping[str, int] = field(compare=False)
    """nodes, visits, backtracks, depth."""
    json: Mapping[str, Any] = field(repr=False, compare=False)
    """The answer of `sos trace`. With a text in the place of `text` it is a request of `sos check`."""

    @cached_property
    def tree(self) -> tuple[Node, ...]:
        """The nodes, read from the text. Node 0 is the root; each parent stands before its children."""
        return tree(self.puzzle, self.text, self.dialect)

    def _repr_html_(self) -> str:
        from ._html import trace

        return trace(self)


def trace(
    puzzle: Puzzle | Mapping[str, Any],
    search: str | Mapping[str, Any] = "dfs",
    dialect: str = "compact",
    *,
    seed: int = 0,
    answer: bool = False,
    phrasing: int | None = None,
) -> Trace:
    """Runs a search on a puzzle and writes what it did.

    puzzle: a Puzzle, or a row with `env` and `puzzle`.
    search: the name of a search, or a dict with its settings: {"kind": "beam", "width": 4}. `sos list searches` names them.
    dialect: the dialect of the text.
    seed: decides random ties.
    answer: whether an answer section follows the trace.
    phrasing: the wording, for dialects that have several.

    Raises RequestError where the call is wrong: an unknown search, a search that does not fit the puzzle, a dialect that cannot tell it.
    """
    puzzle = puzzle if isinstance(puzzle, Puzzle) else Puzzle.from_row(puzzle)
    config = {"kind": search} if isinstance(search, str) else dict(search)
    request = {"env": puzzle.env, "puzzle": puzzle.json, "search": config, "dialect": dialect, "seed": seed, "answer": answer}
    if phrasing is not None:
        request["phrasing"] = phrasing
    told = _core.trace(request)
    return Trace(puzzle, dialect, told["prompt"], told["text"], told["outcome"], told["cost"], told["metrics"], told)


def tree(puzzle: Puzzle | Mapping[str, Any], text: str, dialect: str = "compact") -> tuple[Node, ...]:
    """The nodes that a text tells: a trace of ours, or a model's. The text is read, not judged; `check` judges it.

    Each parent stands before its children. Raises RequestError where the environment has no such dialect.
    """
    puzzle = puzzle if isinstance(puzzle, Puzzle) else Puzzle.from_row(puzzle)
    nodes = _core.tree(puzzle, text, dialect)
    spans = _in_characters(text, [node["span"] for node in nodes])
    return tuple(_node(node, span) for node, span in zip(nodes, spans))


def _node(node: dict[str, Any], span: Span | None) -> Node:
    return Node(**(node | {"span": span, "visits": tuple(node["visits"]), "marks": tuple(node["marks"])}))


@dataclass(frozen=True)
class Facts:
    """What an exact solver proves of a puzzle."""

    solvable: bool | None
    """Whether there is a solution; None where that is not known."""
    optimal_cost: int | None
    """The cost of a cheapest solution; None where there is none, or where it is not proven."""
    solutions: int | None
    """Number of solutions; None where the environment does not count them."""
    difficulty: int | None
    """Number of nodes of an exhaustive search; None where that is not known."""


def prove(puzzle: Puzzle | Mapping[str, Any]) -> Facts:
    """What an exact solver proves of a puzzle: the columns `solvable`, `optimal_cost`, `solutions` and `difficulty` of its rows."""
    puzzle = puzzle if isinstance(puzzle, Puzzle) else Puzzle.from_row(puzzle)
    return Facts(**puzzle._facts())
