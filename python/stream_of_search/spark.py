"""Rows of recipes in Spark, by `mapInArrow`. Needs `pyspark`, and `pandas` and `pyarrow`, which `mapInArrow` asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from .datasets import Recipe, load

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession

#: Rows of a batch.
_BATCH_ROWS = 512


def read(
    spark: SparkSession,
    recipe: Recipe,
    config: str | None = None,
    split: str = "train",
    *,
    seed: int | None = None,
    count: int | None = None,
    partitions: int = 16,
) -> DataFrame:
    """Rows of a recipe as a Spark data frame, with nothing on disk.

    The arguments are those of `stream_of_search.load`. The rows are cut into `partitions`, each made by one task; a task that is run again makes the
    same rows. Every worker needs this package.
    """
    import pyarrow
    from pyspark.sql.pandas.types import from_arrow_schema

    rows = len(load(recipe, config, split, seed=seed, count=count))
    schema = pyarrow.schema(load(recipe, config, split, seed=seed, count=count))

    def make(parts: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        dataset: Any = load(recipe, config, split, seed=seed, count=count)
        for part in parts:
            for number in part.column("id").to_pylist():
                start, stop = rows * number // partitions, rows * (number + 1) // partitions
                for batch in dataset._core.batches(_BATCH_ROWS, start, stop):
                    yield pyarrow.record_batch(batch)

    return spark.range(0, partitions, 1, partitions).mapInArrow(make, from_arrow_schema(schema))
