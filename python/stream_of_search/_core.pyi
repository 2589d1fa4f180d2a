"""The native module. Python code of the package gives it its face."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, final

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

    def shuffled(self, positions: Sequence[int], seed: int, epoch: int = 0, rows: int | None = None) -> list[int]:
        """The row at each of some positions of a shuffled epoch."""

    def stream(self, start: int, stop: int, threads: int = 1) -> Any:
        """The capsule of an Arrow stream."""

    def __arrow_c_schema__(self) -> Any: ...

def describe(recipe: str | Mapping[str, Any], seed: int | None = None) -> dict[str, Any]:
    """The record configs of a recipe, its splits with their rows, its seed."""

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
