"""The native module. Python code of the package gives it its face."""

from os import PathLike
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, final

_Thing = TypeVar("_Thing")

__version__: str

class SosError(Exception):
    """The base of all errors of this package."""

class RecipeError(SosError):
    """A recipe is wrong, or has not what was asked of it."""

class RequestError(SosError):
    """A call is wrong: the field, what was found, what is allowed."""

class RowError(SosError):
    """A row could not be made."""

class MoveError(SosError):
    """A text is no legal move in its position."""

class FolderError(SosError):
    """A folder or file could not be written or read."""

@final
class Batch:
    """A batch of rows: an Arrow record batch."""

    @property
    def column_names(self) -> list[str]: ...
    def column(self, name: str) -> list[Any]:
        """The values of a column. Raises KeyError where there is no such column."""

    def to_pylist(self, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The rows; of some columns alone, if they are named."""

    def __getitem__(self, index: int) -> dict[str, Any]: ...
    def __len__(self) -> int: ...
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]: ...
    def __arrow_c_schema__(self) -> Any: ...

@final
class Batches(Iterator[Batch]):
    """An iterator over batches, made ahead by threads."""

    @property
    def rows(self) -> int:
        """Number of rows in the batches that came out."""

    def __iter__(self) -> Batches: ...
    def __next__(self) -> Batch: ...

@final
class Dataset:
    """One record config of one split of a recipe, prepared."""

    def __new__(
        cls,
        recipe: str | Mapping[str, Any],
        config: str | None = None,
        split: str = "train",
        seed: int | None = None,
        count: int | None = None,
    ) -> Dataset: ...
    @property
    def capacity(self) -> int: ...
    @property
    def config(self) -> str: ...
    @property
    def recipe(self) -> str: ...
    @property
    def kinds(self) -> list[dict[str, Any]]:
        """The kinds of record of the rows, each with its settings: one, or those of the components of a mixture."""

    @property
    def instruct(self) -> bool:
        """Whether the recipe asks for prompts in plain English."""

    @property
    def columns(self) -> list[tuple[str, str]]: ...
    def __len__(self) -> int: ...
    def row(self, index: int) -> dict[str, Any]: ...
    def take(self, indices: Sequence[int]) -> Batch: ...
    def batches(
        self,
        size: int,
        start: int,
        stop: int,
        step: int = 1,
        shuffle: int | None = None,
        epoch: int = 0,
        rows: int | None = None,
        threads: int = 1,
        first: int = 0,
        stride: int = 1,
        wrap: bool = False,
    ) -> Batches:
        """Positions `start`, `start + step` … below `stop`, and of their batches those numbered `first`, `first + stride` ….

        With `shuffle`, a seed, a position means the row that the keyed permutation of `rows` rows of that seed and epoch has there.
        With `wrap`, positions count on from 0 behind `rows`.
        """

    def stream(self, start: int, stop: int, threads: int = 1) -> Any:
        """The capsule of an Arrow stream."""

    def __arrow_c_schema__(self) -> Any: ...

def describe(recipe: str | Mapping[str, Any], seed: int | None = None) -> dict[str, Any]:
    """The record configs of a recipe, `kinds` and `instruct` as a Dataset of each has them, its splits with their rows, its seed."""

def ready_recipes() -> list[str]: ...
def generate(
    recipe: str | Mapping[str, Any],
    folder: str,
    counts: Sequence[tuple[str, int]],
    configs: Sequence[str],
    seed: int | None = None,
    format: str = "parquet",
    rows_per_file: int | None = None,
    threads: int | None = None,
    shard_index: int = 0,
    num_shards: int = 1,
    overwrite: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]: ...
def check(request: Mapping[str, Any]) -> tuple[dict[str, Any], bool]: ...
def trace(request: Mapping[str, Any]) -> dict[str, Any]: ...
def environments() -> list[str]: ...
def position(env: str, puzzle: str, moves: Sequence[str], distance: bool) -> dict[str, Any]:
    """What a player sees where moves lead: `state`, `state_in_words`, `legal`, `legal_in_words`, `goal`, `cost`, `known`, `cost_to_go`."""

def read_move(env: str, puzzle: str, moves: Sequence[str], text: str) -> str:
    """The move of a text, as the dialect compact writes it. Raises MoveError where it is no legal move."""

def puzzle_texts(env: str, puzzle: str) -> dict[str, str]:
    """The texts of a puzzle: `rules`, `layout`, `form`, `prompt`, `target`."""

def plain_answer(env: str, puzzle: str, moves: Sequence[str]) -> str:
    """The answer that moves are, as people write it."""

@final
class Tokenizer:
    """The tokens of a dialect."""

    def __init__(self, dialect: str, cells: bool = False, digits: str = "whole") -> None: ...
    @property
    def name(self) -> str: ...
    @property
    def vocab_size(self) -> int: ...
    def tokens(self) -> list[str]: ...
    def files(self) -> tuple[str, str]:
        """The content of tokenizer.json and of tokenizer_config.json."""

    def encode(self, text: str) -> list[int]: ...
    def encode_with_spans(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Ids, and the span of each in characters."""

    def encode_batch(self, texts: Sequence[str], threads: int = 1) -> TokenBatch: ...
    def label_batch(
        self, rows: Sequence[Sequence[tuple[str, Sequence[tuple[int, int]]]]], threads: int = 1
    ) -> tuple[TokenBatch, LabelBatch]:
        """Rows of parts: the ids of each row's joined text, and their labels. A part is a text and the ranges of its bytes that a loss skips."""

    def decode(self, ids: Sequence[int], skip_special_tokens: bool = False) -> str: ...

@final
class TokenBatch:
    """Ids of several texts, one after the other."""

    @property
    def ids(self) -> memoryview[int]:
        """All ids, as a view of unsigned numbers of 16 bits."""

    @property
    def offsets(self) -> memoryview[int]:
        """Where each text begins in `ids`, and where the last one ends: a view of numbers of 64 bits."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> list[int]: ...
    def __iter__(self) -> Iterator[list[int]]: ...
    def __arrow_c_array__(self, requested_schema: Any = None) -> tuple[Any, Any]: ...

@final
class LabelBatch:
    """Labels of several texts, one after the other."""

    @property
    def labels(self) -> memoryview[int]:
        """All labels, as a view of signed numbers of 32 bits."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int) -> list[int]: ...

def main(arguments: Sequence[str]) -> int: ...
def write_page(path: str | PathLike[str], data: str) -> None: ...

class Puzzle:
    """A puzzle of an environment, read and checked once.

    env: the name of the environment, such as "countdown".
    puzzle: what `sos check` takes as `puzzle`: a dict, or its JSON as a string, as in the rows of datasets.

    Two puzzles are equal where environment and puzzle are equal as they are shown. Puzzles that differ only in how they are shown have the
    same `id`.

    Raises RequestError where there is no such environment, or where it has no such puzzle.
    """

    def __new__(cls, env: str, puzzle: Mapping[str, Any] | str) -> Puzzle: ...
    @staticmethod
    def from_row(row: Mapping[str, Any]) -> Puzzle:
        """The puzzle of a row of a dataset: its columns `env` and `puzzle`, or its `reward_model["ground_truth"]`.

        Raises RequestError where the row has no puzzle.
        """

    @property
    def env(self) -> str:
        """The name of the environment."""

    @property
    def puzzle(self) -> dict[str, Any]:
        """The puzzle, as a dict with all its fields."""

    @property
    def json(self) -> str:
        """The puzzle as JSON."""

    @property
    def id(self) -> str:
        """The id: a hash of the environment and the puzzle's canonical form. It is the column `id` of rows."""

    def prompt(self, dialect: str = "compact") -> str:
        """The prompt in a dialect, as a model gets it.

        Raises RequestError where the environment has no such dialect.
        """

    def _facts(self) -> dict[str, Any]: ...
    def __eq__(self, other: object) -> bool: ...
    def __hash__(self) -> int: ...

class Scores:
    """The scores of texts, in their order, as columns."""

    def __new__(cls, rows: Sequence[dict[str, Any]]) -> Scores: ...
    def __len__(self) -> int: ...
    @staticmethod
    def columns() -> list[str]: ...
    def column(self, name: str) -> list[Any]: ...
    def row(self, place: int) -> dict[str, Any]: ...
    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]: ...

def score_texts(
    texts: list[str], puzzles: object, read: str | None = None, dialect: str | None = None, threads: int = 0
) -> Scores: ...
def score_file(
    file: str,
    name: str,
    dataset: str | None = None,
    read: str = "trace",
    search: Mapping[str, Any] | None = None,
    seed: int = 0,
    threads: int = 0,
    by_line: bool = False,
) -> tuple[dict[str, Any], Scores]:
    """The totals of a file of rollouts, and the scores of its rows: group by group, or line by line."""

def compare_files(
    files: list[str],
    dataset: str | None = None,
    read: str = "trace",
    search: Mapping[str, Any] | None = None,
    seed: int = 0,
    threads: int = 0,
) -> dict[str, Any]:
    """What `sos score FILE FILE --json` prints."""

def unicode(text: str) -> str:
    """The text with U+FFFD in the place of each lone surrogate."""

def characters(text: str, places: Sequence[int]) -> list[int]:
    """Places in characters, of places in bytes of UTF-8."""

def tree(puzzle: Puzzle, text: str, dialect: str) -> list[dict[str, Any]]:
    """The nodes that a text tells. Spans are in bytes."""

# --- environments in Python

class RulesError(SosError):
    """The code of an environment in Python raised an error (`__cause__`), or gave what no environment may give."""

class Draw:
    """A stream of seeded draws: the only source of chance of a generator. The same draws come on every machine and in every version."""

    def __new__(cls, seed: int = 0) -> Draw:
        """The draws of a seed, for tests of a generator."""

    def below(self, bound: int) -> int:
        """A whole number from 0 to `bound` - 1."""

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""

    def chance(self, numerator: int, denominator: int) -> bool:
        """True in `numerator` of `denominator` cases."""

    def choose(self, things: Sequence[_Thing]) -> _Thing:
        """An element of a sequence."""

    def weighted(self, weights: Sequence[int]) -> int:
        """An index, drawn by weights that are whole numbers."""

    def shuffled(self, things: Iterable[_Thing]) -> list[_Thing]:
        """The elements in random order, as a new list."""

    def sample(self, things: Iterable[_Thing], count: int) -> list[_Thing]:
        """Some different elements, as a new list."""

def register_environment(listing: Mapping[str, Any], bridge: Any) -> None: ...
def environment_laws(name: str, settings: Sequence[str], seed: int, count: int) -> dict[str, Any] | None: ...

# --- strategies

def strategy_puzzle(env: str, level: str, seed: int, choices: Sequence[int], settings: str | None = None) -> str: ...
def strategy_searches(env: str, dialect: str) -> list[str]: ...
def strategy_trace(
    env: str,
    puzzle: str,
    dialect: str,
    search: str,
    nodes: int,
    seed: int,
    damaged: bool = False,
    kind: str | None = None,
) -> dict[str, Any] | None: ...
def strategy_answer(env: str, puzzle: str, dialect: str, kind: str, seed: int) -> dict[str, Any]: ...
