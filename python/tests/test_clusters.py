"""Ray, Spark, Slurm and Kubernetes: the same rows and the same bytes as on one machine."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import stream_of_search as sos

COUNT = {"train": 6000, "test": 40, "validation": 40}


def digests(folder: Path) -> dict[str, str]:
    """All files of a dataset with their digests, without what a run keeps for itself."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and ".sos" not in path.parts]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def ray_cluster():
    """A local cluster of three nodes: each has its own processes."""
    ray = pytest.importorskip("ray")
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
    ray.init(address=cluster.address, runtime_env={"env_vars": {"PYTHONPATH": os.pathsep.join(sys.path)}}, log_to_driver=False)
    yield cluster, nodes
    ray.shutdown()
    cluster.shutdown()


def test_ray_reads_the_rows(ray_cluster):
    import stream_of_search.ray

    from ray.data import DataContext

    rows = stream_of_search.ray.read("countdown", "optimal", count=300, blocks=7)
    right = sos.load("countdown", "optimal", count=300)[:]
    assert sorted(rows.take_all(), key=lambda row: row["index"]) == right
    assert rows.count() == 300
    DataContext.get_current().execution_options.preserve_order = True
    ordered = stream_of_search.ray.read("countdown", "optimal", count=300, blocks=7)
    blocks = list(ordered.iter_batches(batch_format="pyarrow", batch_size=None))
    assert pa.concat_tables(blocks).to_pylist() == right
    assert ordered.limit(5).take_all() == right[:5]


def test_ray_writes_the_bytes_of_one_machine_though_workers_die(ray_cluster, tmp_path):
    import stream_of_search.ray

    sos.generate("countdown", tmp_path / "one", count=COUNT, rows_per_file=500)
    # The first attempt of a task that finds its mark dies as a worker does that is killed.
    for shard in (1, 4):
        (tmp_path / f"die-{shard}").touch()
    original = stream_of_search.ray._shard

    def dies_once(recipe, folder, index, job):
        mark = Path(folder).parent / f"die-{index}"
        with (Path(folder).parent / f"attempts-{index}").open("a") as attempts:
            attempts.write("x")
        if mark.exists():
            import threading

            mark.unlink()
            threading.Timer(0.02, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
        return original(recipe, folder, index, job)

    stream_of_search.ray._shard = dies_once
    try:
        done = stream_of_search.ray.write("countdown", tmp_path / "many", num_shards=6, count=COUNT, rows_per_file=500)
    finally:
        stream_of_search.ray._shard = original
    assert done["complete"]
    assert [len((tmp_path / f"attempts-{shard}").read_text()) for shard in range(6)] == [1, 2, 1, 1, 2, 1]
    assert digests(tmp_path / "many") == digests(tmp_path / "one")
    again = stream_of_search.ray.write("countdown", tmp_path / "many", num_shards=6, count=COUNT, rows_per_file=500)
    assert (again["files_written"], again["complete"]) == (0, True)


def test_ray_scores_as_one_process_does(ray_cluster):
    import ray

    import stream_of_search.ray

    rows = sos.load("rl-countdown", count=40)[:]
    texts = [f"<answer>{row['puzzle']}</answer>" if index % 2 else row['answer'] for index, row in enumerate(rows)]
    rows = [{**{name: row[name] for name in ("env", "puzzle", "index")}, "reply": text} for row, text in zip(rows, texts)]
    scored = stream_of_search.ray.score(ray.data.from_items(rows), text="reply", read="answer").take_all()
    scored.sort(key=lambda row: row["index"])
    right = sos.score_many(texts, rows, read="answer")
    assert [row["score_reward"] for row in scored] == right.reward
    assert [row["score_taken"] for row in scored] == right.taken
    assert set(right.reward) == {0.0, 1.0}


def test_spark_reads_the_rows():
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    import stream_of_search.spark

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
    try:
        frame = stream_of_search.spark.read(spark, "countdown", "optimal", count=120, partitions=5)
        rows = sorted((row.asDict(recursive=True) for row in frame.collect()), key=lambda row: row["index"])
    finally:
        spark.stop()
    assert rows == sos.load("countdown", "optimal", count=120)[:]


JOBS = Path(__file__).parent.parent / "jobs"


def command(job: str) -> list[str]:
    """What a job file runs on a node."""
    if job.endswith(".yaml"):
        yaml = pytest.importorskip("yaml")
        [container] = yaml.safe_load((JOBS / job).read_text())["spec"]["template"]["spec"]["containers"]
        return [*container["command"], *container["args"]]
    return ["bash", str(JOBS / job)]


SLURM = [{"SLURM_ARRAY_TASK_ID": str(5 + 2 * shard), "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_STEP": "2", "SLURM_ARRAY_TASK_COUNT": "3"} for shard in range(3)]
KUBERNETES = [{"JOB_COMPLETION_INDEX": str(shard), "COMPLETIONS": "3", "THREADS": "1"} for shard in range(3)]
TORCHRUN = [{"RANK": str(shard), "WORLD_SIZE": "3"} for shard in range(3)]


@pytest.mark.parametrize(("job", "nodes"), [("slurm.sh", SLURM), ("kubernetes.yaml", KUBERNETES), ("torchrun.sh", TORCHRUN)])
def test_job_files_make_the_shards_of_one_dataset(job, nodes, tmp_path):
    bin = tmp_path / "bin"
    bin.mkdir()
    program = bin / "sos"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stream_of_search "$@" $OPTIONS\n')
    program.chmod(0o755)
    options = "--count train=200 --count test=20 --count validation=20 --rows-per-file 50"
    for of in nodes:
        environment = {**os.environ, "PATH": f"{bin}:{os.environ['PATH']}", "PYTHONPATH": os.pathsep.join(sys.path), "OUT": str(tmp_path / "data"), "RECIPE": "countdown", "OPTIONS": options, **of}
        subprocess.run(command(job), env=environment, check=True, capture_output=True)
    sos.generate("countdown", tmp_path / "one", count={"train": 200, "test": 20, "validation": 20}, rows_per_file=50)
    assert digests(tmp_path / "data") == digests(tmp_path / "one")
