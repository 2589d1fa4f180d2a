"""Tokens of texts and rows: ids, labels, batches for a trainer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, overload

from . import _core
from ._core import FolderError, RequestError
from .datasets import Dataset, place
from .token_parts import Mask, Text, check_mask, columns_of, parts_of

Digits = Literal["whole", "single"]
TokenRow = dict[str, list[int]]

#: Rows that are made at once where they are read in order.
_ROWS = 64


class Tokenizer:
    """The tokens of a dialect: the same ids as Hugging Face's `tokenizers` gives with the file that `save` writes.

    All ids are below 65,536, and padding is 0. Within a version of the table (`name`) the id of a token never changes.
    """

    def __init__(self, dialect: str = "compact", cells: bool = False, digits: Digits = "whole") -> None:
        self._of = (dialect, bool(cells), digits)
        self._core = _core.Tokenizer(*self._of)

    def __reduce__(self) -> tuple[Any, ...]:
        return Tokenizer, self._of

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tokenizer) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"<Tokenizer {self.name}, {self.vocab_size} tokens>"

    def __len__(self) -> int:
        return self.vocab_size

    @property
    def name(self) -> str:
        """Name and version of the table, such as `compact-1`."""
        return self._core.name

    @property
    def vocab_size(self) -> int:
        """Number of tokens. Ids are 0 to `vocab_size - 1`."""
        return self._core.vocab_size

    @property
    def pad_id(self) -> int:
        """The id of `<pad>`: 0."""
        return 0

    @property
    def unk_id(self) -> int:
        """The id of `<unk>`: 1. It stands for a word with characters beyond printable ASCII."""
        return 1

    @property
    def bos_id(self) -> int:
        """The id of `<bos>`: 2."""
        return 2

    @property
    def eos_id(self) -> int:
        """The id of `<eos>`: 3."""
        return 3

    def tokens(self) -> list[str]:
        """All tokens. The place of a token is its id."""
        return self._core.tokens()

    def encode(self, text: str) -> list[int]:
        """The ids of a text. Special tokens that stand in the text become their ids; none is added."""
        return self._core.encode(text)

    def encode_with_spans(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The ids of a text, and the characters `[start, end)` that each of them stands for."""
        return self._core.encode_with_spans(text)

    def encode_batch(self, texts: Iterable[str], threads: int | None = None) -> _core.TokenBatch:
        """The ids of many texts, by several threads (by default one a processor), without the GIL.

        `batch[i]` is the list of ids of a text. `batch.ids` has the ids of all texts, one after the other, as a memoryview of unsigned 16-bit
        numbers; text i is `batch.ids[batch.offsets[i]:batch.offsets[i + 1]]`. Arrow takes the batch as a list array: `pyarrow.array(batch)`.
        """
        if isinstance(texts, str):
            raise RequestError("texts: found one text; allowed: a list of texts. `encode` takes one")
        return self._core.encode_batch(list(texts), threads=_threads(threads))

    def decode(self, ids: Iterable[int], skip_special_tokens: bool = False) -> str:
        """The text of ids. Raises RequestError for a number that is no id."""
        try:
            return self._core.decode(list(ids), skip_special_tokens)
        except OverflowError:
            raise RequestError(f"found an id below 0 or above 32 bits; allowed: 0 to {self.vocab_size - 1}") from None

    def save(self, folder: str | os.PathLike[str]) -> None:
        """Writes tokenizer.json and tokenizer_config.json, which `AutoTokenizer.from_pretrained(folder)` loads without a network."""
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            for name, content in zip(("tokenizer.json", "tokenizer_config.json"), self._core.files(), strict=True):
                Path(folder, name).write_text(content, encoding="utf-8", newline="\n")
        except OSError as error:
            raise FolderError(f"{os.fspath(folder)}: {error}") from error

    def to_transformers(self) -> Any:
        """The same tokenizer as a `transformers.PreTrainedTokenizerFast`, with nothing on disk."""
        import tokenizers
        import transformers

        content, config = self._core.files()
        settings = {key: value for key, value in json.loads(config).items() if key != "tokenizer_class"}
        inner = tokenizers.Tokenizer.from_str(content)
        made: Any = transformers.PreTrainedTokenizerFast
        return made(tokenizer_object=inner, **settings)


def tokenizer(dialect: str = "compact", *, cells: bool = False, digits: Digits = "whole") -> Tokenizer:
    """The tokens of a dialect.

    dialect: `compact` and `sudoku` have a token for each of their words; all other dialects have one for each byte (`bytes`).
    cells: `wall 3 4` and `: 3 4` are one token each, in `compact` with whole numbers: short rows of mazes.
    digits: `whole`: a number below 1000 is one token. `single`: each digit of a number is one.

    Raises RequestError for another dialect, or where it has no such table.
    """
    return Tokenizer(dialect, cells, digits)


def _threads(threads: int | None) -> int:
    if threads is None:
        return os.cpu_count() or 1
    if threads < 1:
        raise RequestError(f"threads: found {threads}; allowed: 1 or more")
    return threads


class TokenRows(Sequence[TokenRow]):
    """Rows of a dataset as tokens: `input_ids` and `labels`, lists of the same length.

    A row is made when it is asked for. The view is pickled with its dataset, and PyTorch's DataLoader takes it as a map-style dataset.
    """

    def __init__(
        self,
        rows: Dataset | Sequence[Mapping[str, Any]],
        tokenizer: Tokenizer,
        *,
        mask: Mask = None,
        max_length: int | None = None,
        bos: bool = True,
        eos: bool = True,
        text: Text = None,
    ) -> None:
        check_mask(mask)
        if max_length is not None and max_length < 1:
            raise RequestError(f"max_length: found {max_length}; allowed: 1 or more, or None")
        self.rows, self.tokenizer, self.mask, self.max_length = rows, tokenizer, mask, max_length
        self.bos, self.eos, self.text = bos, eos, text

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"<TokenRows of {self.rows!r}, {self.tokenizer.name}, mask {self.mask}>"

    @overload
    def __getitem__(self, index: int) -> TokenRow: ...
    @overload
    def __getitem__(self, index: slice) -> list[TokenRow]: ...
    def __getitem__(self, index: int | slice) -> TokenRow | list[TokenRow]:
        if isinstance(index, slice):
            return self.__getitems__(range(*index.indices(len(self))))
        return self.__getitems__([place(index, len(self))])[0]

    def __getitems__(self, indices: Sequence[int]) -> list[TokenRow]:
        return self._cut(self.batch(indices))

    def of(self, row: Mapping[str, Any]) -> TokenRow:
        """Another row as tokens, with the settings of this view: a `transform` for `Dataset.iterable`."""
        return self._cut(label(self.tokenizer, [row], self))[0]

    def _cut(self, batch: tuple[_core.TokenBatch, _core.LabelBatch]) -> list[TokenRow]:
        ids, labels = batch
        cut = slice(self.max_length)
        return [{"input_ids": ids[i][cut], "labels": labels[i][cut]} for i in range(len(ids))]

    def __iter__(self) -> Iterator[TokenRow]:
        for start in range(0, len(self), _ROWS):
            yield from self.__getitems__(range(start, min(start + _ROWS, len(self))))

    def batch(self, indices: Sequence[int], threads: int = 1) -> tuple[_core.TokenBatch, _core.LabelBatch]:
        """Ids and labels of rows, as batches that have not been cut to `max_length`."""
        return label(self.tokenizer, self._texts(indices), self, threads)

    def _texts(self, indices: Sequence[int]) -> Iterable[Mapping[str, Any]]:
        if not isinstance(self.rows, Dataset):
            return [self.rows[index] for index in indices]
        batch = self.rows.take(indices)
        return batch.to_pylist(columns_of(batch.column_names))


def label(
    tokenizer: Tokenizer, rows: Iterable[Mapping[str, Any]], of: TokenRows, threads: int = 1
) -> tuple[_core.TokenBatch, _core.LabelBatch]:
    """Ids and labels of rows, with the settings of a view."""
    parts = [parts_of(row, mask=of.mask, bos=of.bos, eos=of.eos, text=of.text) for row in rows]
    return tokenizer._core.label_batch(parts, threads=threads)


class Collator:
    """Makes a batch of rows for PyTorch: `input_ids`, `attention_mask` and `labels`, of the shape [rows, longest row], padded on the right."""

    def __init__(self, pad_id: int = 0, pad_to_multiple_of: int = 1) -> None:
        if pad_to_multiple_of < 1:
            raise RequestError(f"pad_to_multiple_of: found {pad_to_multiple_of}; allowed: 1 or more")
        self.pad_id, self.pad_to_multiple_of = pad_id, pad_to_multiple_of

    def __call__(self, rows: Sequence[Mapping[str, Sequence[int]]]) -> dict[str, Any]:
        import torch

        longest = max((len(row["input_ids"]) for row in rows), default=0)
        width = -(-longest // self.pad_to_multiple_of) * self.pad_to_multiple_of
        shape = (len(rows), width)
        ids = torch.full(shape, self.pad_id, dtype=torch.long)
        mask = torch.zeros(shape, dtype=torch.long)
        labels = torch.full(shape, -100, dtype=torch.long)
        for number, row in enumerate(rows):
            length = len(row["input_ids"])
            ids[number, :length] = torch.as_tensor(row["input_ids"], dtype=torch.long)
            labels[number, :length] = torch.as_tensor(row.get("labels", row["input_ids"]), dtype=torch.long)
            mask[number, :length] = 1
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def collate(tokenizer: Tokenizer, *, pad_to_multiple_of: int = 1) -> Collator:
    """The `collate_fn` of a DataLoader over `Dataset.tokens`: pads on the right; labels of padding are -100."""
    return Collator(tokenizer.pad_id, pad_to_multiple_of)
