"""Files of tokens for trainers: Megatron, nanoGPT, MosaicML MDS, WebDataset, Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, Literal

from .._core import RequestError
from ..token_parts import Mask, Text
from ..tokens import Tokenizer, TokenRows
from .files import Folder
from .packing import Block, Packing, packed
from .rows import Labelled, labelled_rows
from .writers import WRITERS, Writer, Written

__all__ = ["Written", "write_tokens"]

Format = Literal["megatron", "nanogpt", "mds", "webdataset", "parquet"]


def write_tokens(
    source: Any,
    folder: str | os.PathLike[str],
    *,
    format: Format,
    tok: Tokenizer | None = None,
    mask: Mask = None,
    split: str = "train",
    pack: Literal["fit", "cut"] | None = None,
    context: int | None = None,
    window: int = 128,
    too_long: Literal["error", "drop", "cut", "split"] = "error",
    pad: bool | None = None,
    rows_per_file: int | None = None,
    bos: bool = True,
    eos: bool = True,
    text: Text = None,
    threads: int | None = None,
    overwrite: bool = False,
) -> Written:
    """Writes rows as tokens, in the format of a trainer.

    source: a `Dataset`; what `Dataset.tokens` gives, with its settings; or an iterable of texts, rows, lists of ids, or dicts with `input_ids` (and `labels`).
    format: `megatron` (.bin and .idx), `nanogpt` (.bin, meta.json, meta.pkl), `mds`, `webdataset` (tar), `parquet`.
    tok: the tokenizer; that of the view where `source` is one.
    mask, bos, eos, text: as in `Dataset.tokens`. `megatron` and `nanogpt` hold no labels, so they take no mask.
    pack: None writes a row as it is. `fit` puts whole rows together until `context` tokens are full: each row goes into the first of the `window` open blocks
        that has room. `cut` puts all rows one after the other and cuts after every `context` tokens.
    too_long: what becomes of a row longer than `context` (with `fit`, or without packing where `context` is given): `error`; `drop`; `cut` leaves
        its end out; `split` makes further rows of the rest, as the Stream of Search paper does (`context=4096, too_long="split", pad=True`, without `pack`).
    pad: fill blocks up to `context` with padding. By default only in `fit` for `megatron` and `nanogpt`, so that each block starts at a multiple of `context`.
    rows_per_file: rows or blocks of a file of `mds`, `webdataset` and `parquet`.
    threads: for the encoder; by default one a processor.
    overwrite: replace files of the same split.

    A file appears under its name when it is complete. The same source and settings give the same bytes, whatever the threads.
    Raises RequestError for settings that do not go together, RowError for a row that has no tokens or is too long, FolderError for the folder.
    """
    view = _view(source, tok, mask=mask, bos=bos, eos=eos, text=text)
    kind = WRITERS.get(format)
    if kind is None:
        raise RequestError(f"format: found {format!r}; allowed: {', '.join(WRITERS)}")
    if view.mask is not None and not kind.labels:
        raise RequestError(f"mask: found {view.mask!r}; {format} holds no labels; allowed: None, or the formats mds, webdataset, parquet")
    pad = (pack == "fit" and not kind.labels) if pad is None else pad
    packing = Packing(pack, context, window, too_long, pad, view.tokenizer.pad_id)
    files = Folder(folder, overwrite)
    with files:
        writer = kind(files, split, view.tokenizer, view.mask is not None, pack is not None, rows_per_file)
        try:
            report = _write(writer, labelled_rows(source, view, threads), packing)
        except BaseException:
            writer.abort()
            raise
        files.commit()
    return report


def _view(source: Any, tok: Tokenizer | None, **settings: Any) -> TokenRows:
    if isinstance(source, TokenRows):
        if tok is not None and tok != source.tokenizer:
            raise RequestError(f"tok: found {tok.name}; the rows are tokens of {source.tokenizer.name}")
        return source
    if tok is None:
        raise RequestError("tok: found None; allowed: a tokenizer, such as sos.tokenizer('compact')")
    return TokenRows([], tok, **settings)


def _write(writer: Writer, rows: Iterable[Labelled], packing: Packing) -> Written:
    report = Written()
    blocks: Iterable[Block] = packed(rows, packing, report)
    for block in blocks:
        writer.add(block)
        report.blocks += 1
        report.tokens += len(block.ids) - block.padding
        report.padding += block.padding
    report.files = writer.close()
    return report
