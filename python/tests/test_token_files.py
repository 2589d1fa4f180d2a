"""Files of tokens, each read back by its format's own reader."""

from __future__ import annotations

import io
import json
import pickle
import struct
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

import stream_of_search as sos
from stream_of_search.token_files.packing import Packing, packed
from stream_of_search.token_files.rows import Labelled
from stream_of_search.token_files.writers import Written

FORMATS = ["megatron", "nanogpt", "mds", "webdataset", "parquet"]
RECIPE = {
    "name": "tokens",
    "seed": 3,
    "dialect": "compact",
    "answer": True,
    "environment": {"name": "countdown", "level": "easy"},
    "searches": [{"kind": "dfs"}],
    "splits": {"train": {"rows": 60}},
    "records": [{"kind": "corrupted", "corruption": {"kinds": [{"kind": "arithmetic-slip"}]}}],
}


@pytest.fixture(scope="module")
def tok() -> sos.Tokenizer:
    return sos.tokenizer()


@pytest.fixture(scope="module")
def rows(tok: sos.Tokenizer) -> sos.TokenRows:
    return sos.load(RECIPE).tokens(tok, mask="skip_spans")


@pytest.fixture(scope="module")
def plain(tok: sos.Tokenizer) -> sos.TokenRows:
    return sos.load(RECIPE).tokens(tok)


def ids_of(rows: sos.TokenRows) -> list[list[int]]:
    return [row["input_ids"] for row in rows]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read_mds(folder: Path) -> Iterator[dict[str, list[int]]]:
    """From the layout alone: shares nothing with the writer."""
    index = json.loads((folder / "index.json").read_text())
    assert index["version"] == 2
    for shard in index["shards"]:
        data = (folder / shard["raw_data"]["basename"]).read_bytes()
        assert len(data) == shard["raw_data"]["bytes"]
        (count,) = struct.unpack_from("<I", data)
        assert count == shard["samples"]
        offsets = struct.unpack_from(f"<{count + 1}I", data, 4)
        config = json.loads(data[8 + 4 * count : offsets[0]])
        assert config["column_names"] == sorted(config["column_names"]) == shard["column_names"]
        assert offsets[-1] == len(data)
        for start in offsets[:-1]:
            names = config["column_names"]
            sizes = struct.unpack_from(f"<{len(names)}I", data, start)
            at, sample = start + 4 * len(names), {}
            for name, encoding, size in zip(names, config["column_encodings"], sizes, strict=True):
                value, at = data[at : at + size], at + size
                assert value[0] >> 2 == 1
                width = 1 << (value[0] & 3)
                sample[name] = numpy.frombuffer(value[1 + width :], encoding.split(":")[1]).tolist()
                assert int.from_bytes(value[1 : 1 + width], "little") == len(sample[name])
            yield sample


def read_tar(folder: Path) -> Iterator[dict[str, list[int]]]:
    for path in sorted(folder.glob("*.tar")):
        samples: dict[str, dict[str, list[int]]] = {}
        with tarfile.open(path) as tar:
            for member in tar:
                key, name, _ = member.name.split(".")
                content = tar.extractfile(member)
                assert content is not None
                samples.setdefault(key, {})[name] = numpy.lib.format.read_array(io.BytesIO(content.read())).tolist()
        yield from samples.values()


def read_idx(folder: Path, split: str = "train") -> list[list[int]]:
    index = (folder / f"{split}_text_document.idx").read_bytes()
    assert index[:9] == b"MMIDIDX\0\0"
    version, code, sequences, documents = struct.unpack_from("<QBQQ", index, 9)
    assert (version, code, documents) == (1, 8, sequences + 1)
    lengths = numpy.frombuffer(index, "<i4", sequences, 34)
    offsets = numpy.frombuffer(index, "<i8", sequences, 34 + 4 * sequences)
    assert numpy.frombuffer(index, "<i8", documents, 34 + 12 * sequences).tolist() == list(range(documents))
    assert len(index) == 34 + 12 * sequences + 8 * documents
    data = (folder / f"{split}_text_document.bin").read_bytes()
    return [numpy.frombuffer(data, "<u2", length, offset).tolist() for length, offset in zip(lengths, offsets, strict=True)]


def test_megatron_reads_rows(plain: sos.TokenRows, tmp_path: Path) -> None:
    report = sos.write_tokens(plain, tmp_path, format="megatron")
    assert report.files == ["train_text_document.bin", "train_text_document.idx"]
    assert read_idx(tmp_path) == ids_of(plain)
    assert all(row[-1] == 3 for row in ids_of(plain))


def test_megatron_reads_rows_itself(plain: sos.TokenRows, tmp_path: Path) -> None:
    indexed = pytest.importorskip("megatron.core.datasets.indexed_dataset")
    sos.write_tokens(plain, tmp_path, format="megatron")
    prefix = str(tmp_path / "train_text_document")
    reader = indexed._IndexReader(prefix + ".idx", False)
    assert (len(reader), reader.sequence_count, reader.document_count) == (60, 60, 61)
    assert reader.dtype == numpy.uint16
    data = indexed.IndexedDataset(prefix)
    assert [data[place].tolist() for place in range(len(data))] == ids_of(plain)


def test_nanogpt_reads_rows(plain: sos.TokenRows, tok: sos.Tokenizer, tmp_path: Path) -> None:
    sos.write_tokens(plain, tmp_path, format="nanogpt")
    sos.write_tokens(["start 1"], tmp_path, format="nanogpt", tok=tok, split="validation")
    flat = numpy.memmap(tmp_path / "train.bin", dtype=numpy.uint16, mode="r")
    assert flat.tolist() == [number for row in ids_of(plain) for number in row]
    assert numpy.memmap(tmp_path / "val.bin", dtype=numpy.uint16, mode="r").tolist() == [2, *tok.encode("start 1"), 3]
    meta = json.loads((tmp_path / "meta.json").read_text())
    with open(tmp_path / "meta.pkl", "rb") as file:
        pickled = pickle.load(file)
    assert meta["vocab_size"] == pickled["vocab_size"] == tok.vocab_size
    assert meta["itos"] == [pickled["itos"][number] for number in range(tok.vocab_size)] == tok.tokens()
    assert [pickled["stoi"][token] for token in tok.tokens()] == list(range(tok.vocab_size))


def test_mds_holds_labels(rows: sos.TokenRows, tmp_path: Path) -> None:
    report = sos.write_tokens(rows, tmp_path, format="mds", rows_per_file=25)
    assert report.files == ["train/shard.00000.mds", "train/shard.00001.mds", "train/shard.00002.mds", "train/index.json"]
    assert list(read_mds(tmp_path / "train")) == [{"tokens": row["input_ids"], "labels": row["labels"]} for row in rows]


def test_mds_reads_rows_itself(rows: sos.TokenRows, tmp_path: Path) -> None:
    streaming = pytest.importorskip("streaming")
    sos.write_tokens(rows, tmp_path, format="mds", rows_per_file=25)
    data = streaming.LocalDataset(str(tmp_path / "train"))
    assert [{name: value.tolist() for name, value in data[place].items()} for place in range(len(data))] == [
        {"tokens": row["input_ids"], "labels": row["labels"]} for row in rows
    ]
    assert data[0]["tokens"].dtype == numpy.uint16


def test_webdataset_holds_labels(rows: sos.TokenRows, tmp_path: Path) -> None:
    report = sos.write_tokens(rows, tmp_path, format="webdataset", rows_per_file=25)
    assert report.files == ["train-000000.tar", "train-000001.tar", "train-000002.tar"]
    assert list(read_tar(tmp_path)) == list(rows)


def test_webdataset_reads_rows_itself(rows: sos.TokenRows, tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    sos.write_tokens(rows, tmp_path, format="webdataset", rows_per_file=25)
    data = list(webdataset.WebDataset(str(tmp_path / "train-{000000..000002}.tar"), shardshuffle=False).decode())
    assert [{"input_ids": sample["input_ids.npy"].tolist(), "labels": sample["labels.npy"].tolist()} for sample in data] == list(rows)
    assert data[1]["__key__"] == "000000001"


def test_parquet_is_read_by_pyarrow_and_datasets(rows: sos.TokenRows, tmp_path: Path) -> None:
    import pyarrow.parquet

    datasets = pytest.importorskip("datasets")
    report = sos.write_tokens(rows, tmp_path / "data", format="parquet", rows_per_file=25)
    assert report.files == [f"train-{part:05}-of-00003.parquet" for part in range(3)]
    assert pyarrow.parquet.read_table(tmp_path / "data").to_pylist() == list(rows)
    loaded = datasets.load_dataset(str(tmp_path / "data"), split="train", cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == list(rows)


READ = {
    "megatron": lambda folder: [{"input_ids": ids} for ids in read_idx(folder)],
    "mds": lambda folder: [{"input_ids": sample.pop("tokens"), **sample} for sample in read_mds(folder / "train")],
    "webdataset": lambda folder: list(read_tar(folder)),
    "parquet": lambda folder: __import__("pyarrow.parquet").parquet.read_table(folder).to_pylist(),
}


def test_packed_rows_are_whole(rows: sos.TokenRows, tmp_path: Path) -> None:
    longest = max(len(ids) for ids in ids_of(rows))
    for name in ("mds", "webdataset", "parquet"):
        report = sos.write_tokens(rows, tmp_path / name, format=name, pack="fit", context=2 * longest)
        blocks = READ[name](tmp_path / name)
        assert report.blocks == len(blocks) < len(rows) and report.rows == 60 and report.padding == 0
        found = []
        for block in blocks:
            assert len(block["input_ids"]) == len(block["labels"]) == len(block["position_ids"]) <= 2 * longest
            starts = [place for place, position in enumerate(block["position_ids"]) if position == 0]
            for start, end in zip(starts, [*starts[1:], None], strict=True):
                found.append((block["input_ids"][start:end], block["labels"][start:end]))
                assert block["position_ids"][start:end] == list(range(len(found[-1][0])))
            if name == "parquet":
                assert block["seq_lengths"] == [b - a for a, b in zip(starts, [*starts[1:], len(block["input_ids"])], strict=True)]
        assert sorted(found) == sorted((row["input_ids"], row["labels"]) for row in rows)


def test_flat_formats_are_padded_to_the_context(plain: sos.TokenRows, tok: sos.Tokenizer, tmp_path: Path) -> None:
    context = max(len(ids) for ids in ids_of(plain)) + 50
    report = sos.write_tokens(plain, tmp_path, format="megatron", pack="fit", context=context)
    sos.write_tokens(plain, tmp_path, format="nanogpt", pack="fit", context=context)
    blocks = read_idx(tmp_path)
    assert {len(block) for block in blocks} == {context}
    assert sum(block.count(tok.pad_id) for block in blocks) == report.padding == report.blocks * context - report.tokens > 0
    found = []
    for block in blocks:
        row: list[int] = []
        for number in block:
            row.append(number)
            if number == tok.eos_id:
                found.append(row)
                row = []
        assert set(row) <= {tok.pad_id}
    assert sorted(found) == sorted(ids_of(plain))
    assert numpy.fromfile(tmp_path / "train.bin", "<u2").tolist() == [number for block in blocks for number in block]


@pytest.mark.parametrize("pad", [False, True])
def test_trl_finds_the_rows_of_a_block(rows: sos.TokenRows, tmp_path: Path, pad: bool) -> None:
    trl = pytest.importorskip("trl.trainer.sft_trainer")
    context = max(len(ids) for ids in ids_of(rows)) + 300
    sos.write_tokens(rows, tmp_path, format="parquet", pack="fit", context=context, pad=pad)
    blocks = READ["parquet"](tmp_path)
    assert not pad or {len(block["input_ids"]) for block in blocks} == {context}
    batch = trl.DataCollatorForLanguageModeling(pad_token_id=0, padding_free=True)(blocks)
    assert batch["position_ids"][0].tolist() == [place for block in blocks for place in block["position_ids"]]
    assert batch["input_ids"][0].tolist() == [number for block in blocks for number in block["input_ids"]]
    learnt = [number for block in blocks for number in block["labels"]]
    assert batch["labels"][0].tolist() == learnt


def test_cutting_loses_nothing(rows: sos.TokenRows, tmp_path: Path) -> None:
    report = sos.write_tokens(rows, tmp_path, format="parquet", pack="cut", context=100)
    blocks = READ["parquet"](tmp_path)
    assert {len(block["input_ids"]) for block in blocks[:-1]} == {100} and 0 < len(blocks[-1]["input_ids"]) <= 100
    for name in ("input_ids", "labels"):
        assert [number for block in blocks for number in block[name]] == [number for row in rows for number in row[name]]
    assert report.tokens == sum(map(len, ids_of(rows))) and report.too_long == 0
    assert all(sum(block["seq_lengths"]) == len(block["input_ids"]) for block in blocks)


def numbers(*lengths: int) -> Iterator[Labelled]:
    from array import array

    for number, length in enumerate(lengths):
        yield Labelled(array("H", [number] * length), array("i", [number] * length))


def pack(lengths: list[int], **settings: Any) -> list[list[int]]:
    chosen = {"pack": "fit", "context": 10, "window": 2, "too_long": "error", "pad": False, "pad_id": 0, **settings}
    return [block.ids.tolist() for block in packed(numbers(*lengths), Packing(**chosen), Written())]


def test_first_fit() -> None:
    assert pack([6, 7, 4, 3]) == [[0] * 6 + [2] * 4, [1] * 7 + [3] * 3]
    # A third block closes the oldest, though a later row would have fit.
    assert pack([6, 7, 8, 4]) == [[0] * 6, [1] * 7, [2] * 8, [3] * 4] != pack([6, 7, 8, 4], window=3)
    assert pack([6, 7, 8, 4], window=3) == [[0] * 6 + [3] * 4, [1] * 7, [2] * 8]
    assert pack([11, 3], too_long="drop") == [[1] * 3]
    assert pack([11, 3], too_long="cut") == [[0] * 10, [1] * 3]
    assert pack([21, 3], too_long="split") == [[0] * 10, [0] * 10, [0, 1, 1, 1]]
    assert pack([21, 3], pack=None, too_long="split") == [[0] * 10, [0] * 10, [0], [1] * 3]
    assert pack([11, 3], pack="cut") == [[0] * 10, [0] + [1] * 3]
    assert pack([3], pad=True, pad_id=9) == [[0] * 3 + [9] * 7]
    assert pack([]) == []
    with pytest.raises(sos.RowError, match="row 1: found 11 tokens; allowed: 10"):
        pack([3, 11])
    with pytest.raises(sos.RowError, match="row 0: found no tokens"):
        pack([0])


def test_a_row_behind_another_is_not_learnt_from_it(tok: sos.Tokenizer, tmp_path: Path) -> None:
    sos.write_tokens(["start 1", "goal"], tmp_path, format="parquet", tok=tok, bos=False, pack="fit", context=20)
    (block,) = READ["parquet"](tmp_path)
    assert block["labels"] == [-100, *block["input_ids"][1:3], -100, 3]


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_are_always_the_same(name: str, tok: sos.Tokenizer, tmp_path: Path) -> None:
    ds = sos.load(RECIPE)
    for place, threads in ((tmp_path / "a", 1), (tmp_path / "b", 4)):
        sos.write_tokens(ds, place, format=name, tok=tok, threads=threads, pack="fit", context=4_000)
    assert files(tmp_path / "a") == files(tmp_path / "b") != {}
    assert not [path for path in files(tmp_path / "a") if "partial" in path]


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_that_fails_leaves_nothing(name: str, tok: sos.Tokenizer, tmp_path: Path) -> None:
    def texts() -> Iterator[str]:
        yield from ["start 1"] * 2_000
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sos.write_tokens(texts(), tmp_path, format=name, tok=tok, rows_per_file=100)
    assert files(tmp_path) == {}
    sos.write_tokens(["start 1"] * 5, tmp_path, format=name, tok=tok, rows_per_file=1)
    before = files(tmp_path)
    with pytest.raises(sos.FolderError, match="overwrite=True"):
        sos.write_tokens(["goal"], tmp_path, format=name, tok=tok)
    with pytest.raises(KeyboardInterrupt):
        sos.write_tokens(texts(), tmp_path, format=name, tok=tok, overwrite=True)
    assert files(tmp_path) == before
    sos.write_tokens(["goal"], tmp_path, format=name, tok=tok, overwrite=True)
    sos.write_tokens(["goal"], tmp_path / "new", format=name, tok=tok)
    assert {path: content for path, content in files(tmp_path).items() if not path.startswith("new")} == files(tmp_path / "new")


@pytest.mark.parametrize("name", FORMATS)
def test_no_rows_are_files_too(name: str, tok: sos.Tokenizer, tmp_path: Path) -> None:
    report = sos.write_tokens([], tmp_path, format=name, tok=tok)
    assert (report.rows, report.blocks, report.tokens) == (0, 0, 0)
    assert sorted(report.files) == sorted(files(tmp_path))
    if name in READ:
        assert READ[name](tmp_path) == []


def test_any_rows_are_taken(tok: sos.Tokenizer, tmp_path: Path) -> None:
    source = [
        "start",
        {"prompt": "start ", "completion": "goal"},
        {"input_ids": [7, 8], "labels": [-100, 8]},
        [5, 6],
        {"text": "goal"},
        "dead",
    ]
    report = sos.write_tokens(iter(source), tmp_path, format="parquet", tok=tok, mask="prompt")
    start, goal, dead = (tok.encode(word)[0] for word in ("start", "goal", "dead"))
    assert READ["parquet"](tmp_path) == [
        {"input_ids": [2, start, 3], "labels": [-100, start, 3]},
        {"input_ids": [2, start, goal, 3], "labels": [-100, -100, goal, 3]},
        {"input_ids": [7, 8], "labels": [-100, 8]},
        {"input_ids": [5, 6], "labels": [5, 6]},
        {"input_ids": [2, goal, 3], "labels": [-100, goal, 3]},
        {"input_ids": [2, dead, 3], "labels": [-100, dead, 3]},
    ]
    assert report.rows == 6


def test_wrong_settings_are_refused(tok: sos.Tokenizer, plain: sos.TokenRows, tmp_path: Path) -> None:
    def write(source: Any = ("start",), **settings: Any) -> None:
        sos.write_tokens(source, tmp_path / "out", **{"format": "parquet", "tok": tok, **settings})

    wrong: list[tuple[dict[str, Any], str]] = [
        ({"format": "hdf5"}, "allowed: megatron"),
        ({"format": "megatron", "mask": "prompt"}, "holds no labels"),
        ({"mask": "all"}, "skip_spans"),
        ({"pack": "best"}, "'fit', 'cut'"),
        ({"pack": "fit"}, "context: found None"),
        ({"pad": True}, "context: found None"),
        ({"pack": "fit", "context": 0}, "1 or more"),
        ({"pack": "fit", "context": 9, "window": 0}, "1 or more"),
        ({"too_long": "x"}, "'drop'"),
        ({"split": "../x"}, "without dots"),
        ({"split": ""}, "without dots"),
        ({"rows_per_file": 0}, "1 or more"),
        ({"threads": 0}, "1 or more"),
        ({"tok": None}, "sos.tokenizer"),
        ({"source": "start"}, "found str"),
        ({"source": {"text": "start"}}, "found dict"),
        ({"source": 5}, "found int"),
        ({"source": plain, "tok": sos.tokenizer("prose")}, "tokens of compact-1"),
    ]
    for settings, says in wrong:
        with pytest.raises(sos.RequestError, match=says):
            write(**settings)
    for source, says in [
        ([[70_000]], "input_ids"),
        ([[-1]], "input_ids"),
        ([[tok.vocab_size]], f"0 to {tok.vocab_size - 1}"),
        ([{"input_ids": [1], "labels": []}], "found 0 for 1"),
        ([[]], "no tokens"),
        ([5], "input_ids"),
        ([{"a": 1}], "no text to learn"),
    ]:
        with pytest.raises(sos.RowError, match=says):
            write(source)
    assert files(tmp_path) == {}
    (tmp_path / "file").write_text("")
    with pytest.raises(sos.FolderError):
        sos.write_tokens(["start"], tmp_path / "file", format="megatron", tok=tok)
