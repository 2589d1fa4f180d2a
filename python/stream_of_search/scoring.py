"""Scores of many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, overload

from . import _core
from ._core import Puzzle

PuzzleLike = Puzzle | Mapping[str, Any]
"""A Puzzle, or a row with `env` and `puzzle`."""


@dataclass(frozen=True)
class Score:
    """The numbers of one text. They are those of the program's `sos score`."""

    id: str
    """The id of the puzzle."""
    reward: float
    """1.0 where the text solves its puzzle by one answer, else 0.0."""
    solved: bool
    """Whether the text solves its puzzle."""
    valid: bool
    """Whether the text has no error."""
    optimal: bool
    """Whether the solution is proven to be a cheapest one."""
    trace_valid: bool | None
    """Whether the trace has no error; None without a trace."""
    answer_right: bool | None
    """Whether the answer is right, whatever the trace; None without an answer."""
    first_error: str | None
    """The class of the first error; None without an error."""
    nodes: int
    """Number of nodes of the trace."""
    steps: int
    """Number of claims that can be checked."""
    wrong_steps: int
    """Number of these claims that are wrong."""
    claims: int
    """How often the text says that it is done."""
    length: int
    """Length of the text in bytes of UTF-8."""
    penalty: float
    """The penalty of GRPO-RoC: share of wrong steps, and claims beyond the first."""
    taken: str | None
    """What was taken as the answer, up to 1,000 characters; None where the text was read as a trace alone."""
    how: str | None
    """What marks the answer: answer-tag, boxed, answer-line, fence, or text."""
    error: str | None
    """Why a row of a file cannot be scored; None for all texts of `score_many`."""


class Scores(Sequence[Score]):
    """The scores of texts, in their order.

    `scores[3]` is a Score, `scores.reward` a list of floats. Each field of Score is such a column. The whole is an Arrow array of structs
    (`__arrow_c_array__`): `pyarrow.record_batch(scores)`, `polars.DataFrame(scores)`.
    """

    def __init__(self, core: _core.Scores) -> None:
        self._core = core

    def __len__(self) -> int:
        return len(self._core)

    @overload
    def __getitem__(self, index: int) -> Score: ...
    @overload
    def __getitem__(self, index: slice) -> list[Score]: ...
    def __getitem__(self, index: int | slice) -> Score | list[Score]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = index + len(self) if index < 0 else index
        if not 0 <= place < len(self):
            raise IndexError(f"text {index} of {len(self)}")
        return Score(**self._core.row(place))

    def __iter__(self) -> Iterator[Score]:
        return (Score(**self._core.row(place)) for place in range(len(self)))

    def __getattr__(self, name: str) -> list[Any]:
        if name not in _COLUMNS:
            raise AttributeError(f"Scores has no column {name!r}; it has: {', '.join(_COLUMNS)}")
        return self._core.column(name)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *_COLUMNS]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scores) and self.to_list() == other.to_list()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<Scores of {len(self)} texts: {sum(self.solved)} solved, {sum(self.valid)} valid>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.to_list(),)

    @property
    def column_names(self) -> list[str]:
        """Names of the columns."""
        return list(_COLUMNS)

    def to_list(self) -> list[dict[str, Any]]:
        """The scores, each as a dict."""
        return [self._core.row(place) for place in range(len(self))]

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self._core.__arrow_c_array__(requested_schema)


_COLUMNS = tuple(field.name for field in fields(Score))


def _restore(rows: list[dict[str, Any]]) -> Scores:
    return Scores(_core.Scores(rows))


def score_many(
    texts: Iterable[str],
    puzzles: PuzzleLike | Iterable[PuzzleLike],
    read: str | None = None,
    dialect: str | None = None,
    threads: int | None = None,
) -> Scores:
    """Scores texts against their puzzles, in threads and without the interpreter's lock.

    texts: what models wrote, without prompts: a list, an Arrow column, or one string. Any string is allowed, and none raises an error.
    puzzles: a Puzzle for each text, or one for all. A row of a dataset with `env` and `puzzle` stands for its puzzle. The rows can be a list,
        a Dataset, or an Arrow table.
    read: "answer" takes the final answer from free text, "trace" reads a trace in the dialect, "auto" a trace and the answer behind it. By
        default each row says it by its field `read`; without one, "answer".
    dialect: the dialect of traces. By default each row says it by its field `dialect`; without one, "compact".
    threads: number of threads; by default as many as there are processors.

    Gives Scores, in the order of the texts. The numbers are those of `sos score` and of `check`: a text is paid only where it solves its own
    puzzle.

    Raises RequestError where a puzzle, a dialect or a reading is wrong, where an item of `texts` is no string, or where there are not as
    many puzzles as texts.
    """
    one = isinstance(puzzles, (Puzzle, Mapping))
    given = puzzles if one else _listed(puzzles)
    return Scores(_core.score_texts([texts] if isinstance(texts, str) else _listed(texts), given, read, dialect, threads or 0))


def _listed(items: Any) -> list[Any]:
    """A list of items; of an Arrow column or table its Python values."""
    return items.to_pylist() if hasattr(items, "to_pylist") else list(items)


