"""MosaicML streaming itself reads the files of the format `mds`, as a training run does. `.ci/nightly` runs this."""

from __future__ import annotations

from pathlib import Path

import pytest

streaming = pytest.importorskip("streaming")

import stream_of_search as sos  # noqa: E402

CONTEXT = 512


@pytest.mark.parametrize("shuffle", [False, True])
def test_a_data_loader_gives_every_block_once(tmp_path: Path, shuffle: bool) -> None:
    from torch.utils.data import DataLoader

    tok = sos.tokenizer("compact")
    rows = sos.load("countdown", config="search", count=120).tokens(tok, mask="prompt", max_length=CONTEXT)
    settings = {"pack": "fit", "context": CONTEXT, "pad": True, "rows_per_file": 20}
    report = sos.write_tokens(rows, tmp_path / "mds", format="mds", **settings)
    sos.write_tokens(rows, tmp_path / "parquet", format="parquet", **settings)
    import pyarrow.parquet

    # The same blocks in another format, read by another reader.
    blocks = pyarrow.parquet.read_table(tmp_path / "parquet", columns=["input_ids", "labels", "position_ids"]).to_pylist()
    expected = [(block["input_ids"], block["labels"], block["position_ids"]) for block in blocks]

    data = streaming.StreamingDataset(local=str(tmp_path / "mds"), split="train", shuffle=shuffle, shuffle_seed=1, batch_size=4)
    assert len(data) == report.blocks == len(expected) > 40
    found = []
    for batch in DataLoader(data, batch_size=4, num_workers=2):
        assert batch["tokens"].shape[1] == CONTEXT
        columns = [batch[name].tolist() for name in ("tokens", "labels", "position_ids")]
        found += list(zip(*columns, strict=True))
    assert sorted(found) == sorted(expected)
    if shuffle:
        assert found != expected
