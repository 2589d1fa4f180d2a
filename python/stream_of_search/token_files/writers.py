"""The formats, one class each."""

from __future__ import annotations

import io
import json
import pickle
import struct
import tarfile
from array import array
from dataclasses import dataclass, field
from typing import Any, ClassVar

from .._core import RequestError
from ..tokens import Tokenizer
from .files import Folder, little
from .packing import Block


@dataclass
class Written:
    """What was written. `tokens` counts no padding."""

    rows: int = 0
    blocks: int = 0
    tokens: int = 0
    padding: int = 0
    #: Rows longer than the context, which were left out or cut.
    too_long: int = 0
    files: list[str] = field(default_factory=list)


class Writer:
    """A format. `add` takes blocks, `close` ends the files and gives their names."""

    #: Whether the format can hold labels.
    labels: ClassVar[bool] = True
    #: Rows or blocks of a file, where nothing else is asked.
    most: ClassVar[int] = 10_000

    def __init__(self, files: Folder, split: str, tokenizer: Tokenizer, labelled: bool, packed: bool, rows_per_file: int | None) -> None:
        if not split or set(split) & set("/\\.") or split != split.strip():
            raise RequestError(f"split: found {split!r}; allowed: a name without dots and slashes")
        if rows_per_file is not None and rows_per_file < 1:
            raise RequestError(f"rows_per_file: found {rows_per_file}; allowed: 1 or more")
        self.files, self.split, self.tokenizer = files, split, tokenizer
        self.labelled, self.packed, self.rows_per_file = labelled, packed, rows_per_file or self.most
        self.names: list[str] = []
        self.start()

    def start(self) -> None:
        """Looks whether the folder is free, and opens what the format has once."""
        raise NotImplementedError

    def add(self, block: Block) -> None:
        """Writes a block."""
        raise NotImplementedError

    def close(self) -> list[str]:
        """Ends all files. Gives their names, relative to the folder."""
        raise NotImplementedError

    def abort(self) -> None:
        """Lets go of files that will not appear."""


class Megatron(Writer):
    """`SPLIT_text_document.bin` and `.idx`. A sequence is a row or a packed block, and a document is a sequence."""

    labels = False

    def start(self) -> None:
        prefix = f"{self.split}_text_document"
        self.names = [f"{prefix}.bin", f"{prefix}.idx"]
        for name in self.names:
            self.files.claim(name)
        self.bin, self.lengths = self.files.open(self.names[0]), array("i")

    def add(self, block: Block) -> None:
        self.bin.write(little(block.ids))
        self.lengths.append(len(block.ids))

    def close(self) -> list[str]:
        count = len(self.lengths)
        offsets, at = array("q"), 0
        for length in self.lengths:
            offsets.append(at)
            at += 2 * length
        # Version 1; the code 8 means unsigned 16-bit tokens.
        head = b"MMIDIDX\x00\x00" + struct.pack("<QBQQ", 1, 8, count, count + 1)
        documents = array("q", range(count + 1))
        self.files.write(self.names[1], head + little(self.lengths) + little(offsets) + little(documents))
        return self.names


class NanoGpt(Writer):
    """`SPLIT.bin` (`val.bin` for validation), a flat file of unsigned 16-bit tokens; meta.json, and the meta.pkl that train.py looks for."""

    labels = False

    def start(self) -> None:
        name = f"{'val' if self.split == 'validation' else self.split}.bin"
        self.names = [name, "meta.json", "meta.pkl"]
        self.files.claim(name)
        self.bin = self.files.open(name)

    def add(self, block: Block) -> None:
        self.bin.write(little(block.ids))

    def close(self) -> list[str]:
        tok = self.tokenizer
        tokens = tok.tokens()
        stoi = {token: number for number, token in enumerate(tokens)}
        special = {"pad_id": tok.pad_id, "unk_id": tok.unk_id, "bos_id": tok.bos_id, "eos_id": tok.eos_id}
        meta = {"vocab_size": len(tokens), "tokenizer": tok.name, "dtype": "uint16", **special, "itos": tokens}
        self.files.write("meta.json", json.dumps(meta, indent=1).encode() + b"\n")
        itos = dict(enumerate(tokens))
        self.files.write("meta.pkl", pickle.dumps({"vocab_size": len(tokens), "itos": itos, "stoi": stoi}, protocol=4))
        return self.names


class _Columns(Writer):
    """Formats with named columns."""

    #: What the format calls the ids.
    ids_name: ClassVar[str] = "input_ids"

    def columns(self, block: Block) -> dict[str, array[int]]:
        """The columns of a block: ids, labels where there is a mask, places in rows where rows are packed."""
        columns = {self.ids_name: block.ids}
        if self.labelled:
            columns["labels"] = block.labels
        if self.packed:
            columns["position_ids"] = block.positions()
        return columns


class Mds(_Columns):
    """A folder `SPLIT` with `shard.00000.mds` … and index.json. The ids are in the column `tokens`."""

    ids_name = "tokens"
    #: A shard is closed when it has so many bytes.
    size_limit: ClassVar[int] = 1 << 26

    def start(self) -> None:
        self.files.claim("*", self.split)
        self.samples: list[bytes] = []
        self.bytes = 0
        self.shards: list[dict[str, Any]] = []

    def add(self, block: Block) -> None:
        columns = sorted(self.columns(block).items())
        values = [_mds_array(numbers) for _, numbers in columns]
        sample = b"".join(struct.pack("<I", len(value)) for value in values) + b"".join(values)
        if self.samples and (len(self.samples) == self.rows_per_file or self.bytes + len(sample) + 4 > self.size_limit):
            self.shard()
        self.samples.append(sample)
        self.bytes += len(sample) + 4

    def shard(self) -> None:
        """Ends a shard."""
        names = sorted(self.columns(Block()))
        encodings = ["ndarray:uint16" if name == self.ids_name else "ndarray:int32" for name in names]
        sizes: list[int | None] = [None] * len(names)
        about = {
            "column_encodings": encodings,
            "column_names": names,
            "column_sizes": sizes,
            "compression": None,
            "format": "mds",
            "hashes": [],
            "size_limit": self.size_limit,
            "version": 2,
        }
        config = json.dumps(about, sort_keys=True).encode()
        at = 4 + 4 * (len(self.samples) + 1) + len(config)
        offsets = array("I", [at])
        for sample in self.samples:
            at += len(sample)
            offsets.append(at)
        name = f"shard.{len(self.shards):05}.mds"
        self.files.write(f"{self.split}/{name}", struct.pack("<I", len(self.samples)) + little(offsets) + config + b"".join(self.samples))
        raw = {"basename": name, "bytes": at, "hashes": {}}
        self.shards.append({**about, "raw_data": raw, "samples": len(self.samples), "zip_data": None})
        self.names.append(f"{self.split}/{name}")
        self.samples, self.bytes = [], 0

    def close(self) -> list[str]:
        if self.samples:
            self.shard()
        index = {"shards": self.shards, "version": 2}
        self.files.write(f"{self.split}/index.json", json.dumps(index, sort_keys=True).encode())
        return [*self.names, f"{self.split}/index.json"]


def _mds_array(numbers: array[int]) -> bytes:
    """An array of one dimension: the width of its length, the length, the numbers."""
    width, letter = next(
        (code, letter) for code, letter, most in ((0, "B", 1 << 8), (1, "H", 1 << 16), (2, "I", 1 << 32)) if len(numbers) < most
    )
    return struct.pack(f"<B{letter}", 1 << 2 | width, len(numbers)) + little(numbers)


class WebDataset(_Columns):
    """`SPLIT-000000.tar` …: a sample is `KEY.input_ids.npy`, and `KEY.labels.npy` and `KEY.position_ids.npy` where there are such."""

    def start(self) -> None:
        self.files.claim(f"{self.split}-*.tar")
        self.tar: tarfile.TarFile | None = None
        self.count = 0

    def add(self, block: Block) -> None:
        if self.count % self.rows_per_file == 0:
            self.end()
            self.names.append(f"{self.split}-{len(self.names):06}.tar")
            self.tar = tarfile.open(fileobj=self.files.open(self.names[-1]), mode="w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
        assert self.tar is not None
        for name, numbers in self.columns(block).items():
            content = _npy(numbers)
            member = tarfile.TarInfo(f"{self.count:09}.{name}.npy")
            member.size, member.mode = len(content), 0o644
            self.tar.addfile(member, io.BytesIO(content))
        self.count += 1

    def end(self) -> None:
        """Ends a shard."""
        if self.tar is not None:
            self.tar.close()
            self.files.end(self.names[-1])

    def close(self) -> list[str]:
        self.end()
        return self.names


def _npy(numbers: array[int]) -> bytes:
    """A file of numpy, version 1.0. Its head is filled to a multiple of 64 bytes."""
    kind = {"H": "<u2", "i": "<i4"}[numbers.typecode]
    head = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({len(numbers)},), }}".encode()
    head += b" " * (-(10 + len(head) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + little(numbers)


class Parquet(_Columns):
    """`SPLIT-00000-of-00003.parquet` …: the columns `input_ids` and `labels`, and where rows are packed `position_ids` and `seq_lengths`."""

    def start(self) -> None:
        self.files.claim(f"{self.split}-*-of-*.parquet")
        self.labelled = True
        self.blocks: list[Block] = []
        self.writer: Any = None
        self.count = 0

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        self.count += 1
        if self.count % self.rows_per_file == 0:
            self.flush()
            self.end()
        elif len(self.blocks) == 1_000:
            self.flush()

    def flush(self) -> None:
        """Writes the blocks so far as a row group."""
        import pyarrow as pa
        import pyarrow.parquet

        columns: dict[str, list[array[int]]] = {}
        for block in self.blocks:
            made = self.columns(block)
            if self.packed:
                made["seq_lengths"] = block.segments()
            for name, numbers in made.items():
                columns.setdefault(name, []).append(numbers)
        if not columns and not self.writer:
            columns = {name: [] for name in [*self.columns(Block()), *(["seq_lengths"] if self.packed else [])]}
        table = pa.table({name: _lists(parts) for name, parts in columns.items()})
        if self.writer is None:
            self.names.append(f"{self.split}-{len(self.names):05}")
            self.writer = pyarrow.parquet.ParquetWriter(self.files.open(self.names[-1]), table.schema, compression="zstd")
        self.writer.write_table(table)
        self.blocks = []

    def end(self) -> None:
        """Ends a file."""
        if self.writer is not None:
            self.writer.close()
            self.writer = None
            self.files.end(self.names[-1])

    def abort(self) -> None:
        if self.writer is not None:
            self.writer.close()

    def close(self) -> list[str]:
        if self.blocks or not self.names:
            self.flush()
        self.end()
        full = [f"{name}-of-{len(self.names):05}.parquet" for name in self.names]
        for name, new in zip(self.names, full, strict=True):
            self.files.rename(name, new)
        return full


def _lists(parts: list[array[int]]) -> Any:
    """Arrays as an Arrow array of lists of 32-bit numbers, with no Python object for a number."""
    import numpy
    import pyarrow as pa

    arrays = [numpy.frombuffer(part, dtype="u2" if part.typecode == "H" else "i4").astype("i4") for part in parts if part]
    values = numpy.concatenate(arrays) if arrays else numpy.empty(0, "i4")
    offsets = numpy.cumsum([0, *map(len, parts)]).astype("i4")
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(values))


WRITERS: dict[str, type[Writer]] = {
    "megatron": Megatron,
    "nanogpt": NanoGpt,
    "mds": Mds,
    "webdataset": WebDataset,
    "parquet": Parquet,
}
