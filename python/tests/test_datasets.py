"""Rows by index, and what data frames and Hugging Face make of them, against the program's own files."""

from __future__ import annotations

import copy
import json
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stream_of_search as sos

ROWS = 24


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the program itself writes of two recipes, as JSON Lines and as Parquet."""
    root = tmp_path_factory.mktemp("written")
    for form in ("jsonl", "parquet"):
        for recipe in ("countdown", "4-groups-countdown", "rl-countdown"):
            command = [sys.executable, "-m", "stream_of_search", "generate", recipe, "--out", str(root / form / recipe)]
            counts = [f"--count={split}={ROWS if split == 'train' else 0}" for split in _splits(recipe)]
            subprocess.run([*command, "--format", form, *counts], check=True, capture_output=True)
    return root


def _splits(recipe: str) -> list[str]:
    return list(sos._core.describe(recipe)["splits"])


def _written(folder: Path, recipe: str, config: str) -> list[dict[str, Any]]:
    (file,) = (folder / "jsonl" / recipe / config).glob("train-*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


CONFIGS = [("countdown", "search"), ("countdown", "corrupted"), ("rl-countdown", "rl"), ("rl-countdown", "messages")]
CONFIGS += [("4-groups-countdown", config) for config in ("group", "preference", "unpaired", "stepwise")]


@pytest.mark.parametrize(("recipe", "config"), CONFIGS)
def test_rows_are_those_of_the_program(folder: Path, recipe: str, config: str) -> None:
    written = _written(folder, recipe, config)
    ds = sos.load(recipe, config=config)
    assert ds[:ROWS] == written
    assert ds[7] == written[7] and ds[-1] == ds[len(ds) - 1] and ds[7:3:-2] == [written[7], written[5]]
    assert list(sos.load(recipe, config=config, count=ROWS)) == written
    assert list(ds[0]) == list(ds.columns) == list(written[0])


def test_indices_out_of_range_or_of_the_wrong_type() -> None:
    ds = sos.load("countdown", count=10)
    for index in (10, -11, 2**70, -(2**70)):
        with pytest.raises(IndexError):
            ds[index]
    for index in ("1", 1.0, None):
        with pytest.raises(TypeError):
            ds[index]  # type: ignore[call-overload]
    assert ds[20:30] == [] and ds.take([]).to_pylist() == []
    with pytest.raises(sos.RequestError, match="index: found -1"):
        ds.take([-1])
    with pytest.raises(sos.RequestError, match="index: found 'a'"):
        ds.take(["a"])  # type: ignore[list-item]
    assert ds.take([15])[0]["index"] == 15
    with pytest.raises(sos.RowError, match=f"row {ds.capacity}"):
        ds.take([ds.capacity])


def test_wrong_recipes_configs_and_splits_are_told() -> None:
    with pytest.raises(sos.RecipeError, match="countdwn"):
        sos.load("countdwn")
    with pytest.raises(sos.RecipeError, match="serch"):
        sos.load("countdown", config="serch")
    with pytest.raises(sos.RecipeError, match="trein"):
        sos.load("countdown", split="trein")
    with pytest.raises(sos.RecipeError, match="holds"):
        sos.load("game-24", count=100_000)
    with pytest.raises(sos.RecipeError):
        sos.load({"name": "ein Rätsel 🧩"})
    with pytest.raises(sos.RecipeError):
        sos.load({})
    for arguments in ({"count": -1}, {"count": "5"}, {"count": 2**63}, {"seed": -1}, {"seed": 2**64}, {"seed": 1.5}):
        with pytest.raises(sos.RequestError, match=next(iter(arguments))):
            sos.load("countdown", **arguments)
    loop: dict[str, Any] = {"name": "loop"}
    loop["environment"] = loop
    for wrong in (None, object(), b"x", {1: 2}, 2**63):
        with pytest.raises(sos.RecipeError, match="environment.level: found .*; allowed are"):
            sos.load({"name": "x", "environment": {"level": wrong}})
    with pytest.raises(sos.RecipeError, match="environment.environment"):
        sos.load(loop)
    for no_recipe in (None, 5, ["countdown"]):
        with pytest.raises(TypeError):
            sos.load(no_recipe)  # type: ignore[arg-type]


def test_twins_share_their_puzzles() -> None:
    ds = sos.load("countdown", config="search")
    assert [row["id"] for row in ds.twin("optimal")[:20]] == [row["id"] for row in ds[:20]]


def test_a_dataset_is_pickled_by_its_recipe(tmp_path: Path) -> None:
    recipe: dict[str, Any] = {
        "name": "small Ω",
        "seed": 3,
        "dialect": "compact",
        "environment": {"name": "countdown", "sizes": {"min": 3, "max": 3}},
        "searches": [{"kind": "dfs"}],
        "splits": {"train": {"rows": 20}},
        "records": [{"kind": "search"}],
    }
    ds = sos.load(recipe)
    rows = list(ds)
    recipe["environment"]["sizes"]["max"] = 4
    assert list(pickle.loads(pickle.dumps(ds))) == list(copy.deepcopy(ds)) == rows
    assert len(pickle.dumps(ds)) < 1000
    path = tmp_path / "small.toml"
    path.write_text(ds.recipe, encoding="utf-8")
    assert list(pickle.loads(pickle.dumps(sos.load(path)))) == rows


@pytest.mark.parametrize(("recipe", "config"), CONFIGS)
def test_data_frames(folder: Path, recipe: str, config: str) -> None:
    duckdb = pytest.importorskip("duckdb")
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    ds = sos.load(recipe, config=config, count=ROWS)
    written = _written(folder, recipe, config)
    assert pa.table(ds).to_pylist() == written
    assert pl.DataFrame(ds).to_dicts() == written
    frame = pd.DataFrame.from_arrow(ds)
    assert list(frame["index"]) == list(range(ROWS)) and list(frame["puzzle"]) == [row["puzzle"] for row in written]
    assert duckdb.sql("select * from ds order by index").arrow().read_all().to_pylist() == written
    batch = ds.take([3, 1])
    assert pa.record_batch(batch).to_pylist() == batch.to_pylist() == [written[3], written[1]]
    assert pa.schema(ds).names == pa.schema(batch).names == batch.column_names


def test_a_batch_outlives_its_dataset() -> None:
    import pyarrow as pa

    table = pa.table(sos.load("countdown", count=600))
    batch = pa.record_batch(sos.load("countdown", count=5).take([4]))
    assert table.num_rows == 600 and table.column("index").to_pylist() == list(range(600))
    assert batch.to_pylist() == sos.load("countdown", count=5)[4:]


@pytest.mark.parametrize(("recipe", "config"), CONFIGS)
def test_hugging_face_has_the_rows_and_types_of_the_files(folder: Path, recipe: str, config: str, tmp_path: Path) -> None:
    import datasets

    hf = sos.load(recipe, config=config, count=ROWS).to_hf()
    loaded = datasets.load_dataset(
        str(folder / "parquet" / recipe), config, split="train", cache_dir=str(tmp_path / "cache")
    )
    assert hf.features == loaded.features
    assert hf.to_list() == loaded.to_list() == _written(folder, recipe, config)
    assert str(hf.split) == "train"


def test_hugging_face_streams_rows_in_shards() -> None:
    ds = sos.load("countdown", config="optimal", count=2100)
    stream = ds.to_hf(streaming=True)
    assert stream.num_shards == 3
    assert [row["index"] for row in stream] == list(range(2100))
    assert next(iter(stream.skip(2090))) == ds[2090]
    assert stream.features == sos.load("countdown", config="optimal", count=1).to_hf().features
    assert list(sos.load("countdown", count=0).to_hf(streaming=True)) == []


def test_equal_rows_have_equal_fingerprints() -> None:
    first, again, other = (sos.load("countdown", seed=seed, count=5).to_hf() for seed in (1, 1, 2))
    assert first._fingerprint == again._fingerprint != other._fingerprint


def test_batches_of_columns() -> None:
    batch = sos.load("countdown", count=5).take([0, 1])
    assert batch.to_pylist(["index", "env"]) == [{"index": 0, "env": "countdown"}, {"index": 1, "env": "countdown"}]
    assert batch.column("index") == [0, 1] and batch[-1]["index"] == 1 and len(batch) == 2
    for wrong in (lambda: batch.column("indx"), lambda: batch.to_pylist(["indx"])):
        with pytest.raises(KeyError, match="indx.*the columns are"):
            wrong()
    with pytest.raises(IndexError):
        batch[2]


def test_rows_from_many_threads() -> None:
    from concurrent.futures import ThreadPoolExecutor

    ds = sos.load("countdown", config="corrupted", count=200)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ds.__getitem__, range(200))) == list(ds)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_forks_while_threads_make_rows() -> None:
    """A child has no threads of its parent. It must not wait for them, nor for a lock that one of them held."""
    ds = sos.load("word-ladder", count=2000)
    want = [row["id"] for row in ds[:40]]
    batches = ds.batches(10, threads=4)
    taken = [next(batches).column("id")]
    for _ in range(5):
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            mine = [row["id"] for row in ds[:40]] == want and next(batches).column("id") == [r["id"] for r in ds[10:20]]
            os._exit(0 if mine else 1)
        assert os.waitpid(child, 0)[1] == 0
    taken += [next(batches).column("id") for _ in range(3)]
    assert [name for batch in taken for name in batch] == want


FORKS = """
import os, signal, threading, time
import stream_of_search as sos

def load():
    return sos.load("sliding-tiles", count=5)[0]["index"]

thread = threading.Thread(target=load)
thread.start()
children = []
while thread.is_alive() and len(children) < 20:
    time.sleep(0.005)
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        os._exit(load())
    children.append(child)
thread.join()
assert all(os.waitpid(child, 0)[1] == 0 for child in children)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_forks_while_a_thread_fills_tables() -> None:
    """Tables of an environment are filled once in a process. A child of a process that forks meanwhile must not wait for them for ever."""
    subprocess.run([sys.executable, "-c", FORKS], check=True, timeout=120)
