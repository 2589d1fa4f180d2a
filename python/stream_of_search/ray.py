"""Rows and datasets on a Ray cluster. Ray does the distribution; a row is a function of recipe, split and index, so tasks share nothing.

Needs `ray[data]`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from . import _core
from .datasets import Recipe, generate, load

if TYPE_CHECKING:
    import pyarrow
    import ray.data

#: Rows of a block.
_BLOCK_ROWS = 512
#: Rows by which the size of a row is measured.
_MEASURED_ROWS = 8


def read(
    recipe: Recipe,
    config: str | None = None,
    split: str = "train",
    *,
    seed: int | None = None,
    count: int | None = None,
    blocks: int = -1,
) -> ray.data.Dataset:
    """Rows of a recipe as a Ray dataset, with nothing on disk.

    Ray hands blocks on as they are ready. For rows in the order of their index set `DataContext.get_current().execution_options.preserve_order`, or sort
    by the column `index`.

    The arguments are those of `stream_of_search.load`. blocks: number of read tasks; Ray chooses it by default.
    """
    import ray.data

    return ray.data.read_datasource(_source()(recipe, config, split, seed, count), override_num_blocks=blocks if blocks > 0 else None)


def _source() -> type:
    """The class of the data source. It is made here, since its base class needs Ray."""
    from ray.data.block import BlockMetadata
    from ray.data.datasource import Datasource, ReadTask

    class StreamOfSearchDatasource(Datasource):
        def __init__(self, *of: Any) -> None:
            super().__init__()
            self._of = of
            dataset = _load(of)
            self._rows = len(dataset)
            sample = dataset.take(range(min(_MEASURED_ROWS, self._rows)))
            self._row_bytes = _table(sample).nbytes // max(len(sample), 1)

        def estimate_inmemory_data_size(self) -> int:
            return self._rows * self._row_bytes

        def get_read_tasks(self, parallelism: int, per_task_row_limit: int | None = None, data_context: Any = None) -> list[ReadTask]:
            tasks = max(1, min(parallelism, self._rows))
            bounds = [self._rows * task // tasks for task in range(tasks + 1)]
            return [self._task(start, stop, per_task_row_limit) for start, stop in zip(bounds, bounds[1:])]

        def _task(self, start: int, stop: int, limit: int | None) -> ReadTask:
            of, last = self._of, stop if limit is None else min(stop, start + limit)
            metadata = BlockMetadata(last - start, (last - start) * self._row_bytes, None)
            return ReadTask(lambda: _blocks(of, start, last), metadata, per_task_row_limit=limit)

    return StreamOfSearchDatasource


def _load(of: tuple[Any, ...]) -> Any:
    recipe, config, split, seed, count = of
    return load(recipe, config, split, seed=seed, count=count)


def _table(batch: _core.Batch) -> pyarrow.Table:
    import pyarrow

    return pyarrow.table(batch)


def _blocks(of: tuple[Any, ...], start: int, stop: int) -> Iterable[pyarrow.Table]:
    for batch in _load(of)._core.batches(_BLOCK_ROWS, start, stop):
        yield _table(batch)


def write(
    recipe: Recipe,
    folder: str | os.PathLike[str],
    *,
    num_shards: int,
    count: Mapping[str, int] | None = None,
    seed: int | None = None,
    format: str = "parquet",
    rows_per_file: int | None = None,
    threads: int = 1,
    retries: int = 3,
) -> dict[str, Any]:
    """Writes a dataset to a folder that all nodes share, a task a shard: the same bytes as one machine writes.

    A file is written under a temporary name and renamed. A task that finds its files there makes none, so a task whose worker dies is run again by Ray
    (`retries` times), and a run that ended early goes on by the same call. `threads` are those of a task, which reserves as many CPUs.

    Gives the counts of all tasks; `complete` says that the manifest is written.
    """
    import ray

    task = ray.remote(num_cpus=threads, max_retries=retries)(_shard)
    job = dict(count=count, seed=seed, format=format, rows_per_file=rows_per_file, threads=threads, num_shards=num_shards, progress=False)
    folder = os.path.abspath(os.fspath(folder))
    done = ray.get([task.remote(recipe, folder, index, job) for index in range(num_shards)])
    totals = {name: sum(each[name] for each in done) for name in ("rows_written", "files_written", "files_kept")}
    return {"complete": any(each["complete"] for each in done), **totals}


def _shard(recipe: Recipe, folder: str, index: int, job: dict[str, Any]) -> dict[str, Any]:
    return generate(recipe, folder, shard_index=index, **job)


def score(rows: ray.data.Dataset, *, text: str = "completion", read: str | None = None, dialect: str | None = None) -> ray.data.Dataset:
    """The rows with the numbers of their texts: a column `score_` with the name of each field of `stream_of_search.Score` (`score_reward`, `score_solved` …).

    rows: have `env`, `puzzle` and the text, in the column that `text` names. read, dialect: as in `stream_of_search.score_many`.
    """
    return rows.map_batches(_scored, batch_format="pyarrow", fn_kwargs={"text": text, "read": read, "dialect": dialect})


def _scored(rows: pyarrow.Table, text: str, read: str | None, dialect: str | None) -> pyarrow.Table:
    import pyarrow

    from .scoring import score_many

    columns = [name for name in ("env", "puzzle", "read", "dialect") if name in rows.column_names]
    scores = pyarrow.table(score_many(rows.column(text).to_pylist(), rows.select(columns).to_pylist(), read, dialect, threads=1))
    for name in scores.column_names:
        rows = rows.append_column(f"score_{name}", scores.column(name))
    return rows
