"""Runs of an experiment, side by side: one process and one thread each."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .experiment import Experiment, Scale

if TYPE_CHECKING:
    from .training import Ground

#: What a process is asked to run.
_asked: tuple[Experiment, Scale] | None = None


def run(
    experiment: Experiment,
    scale: Scale,
    folder: Path,
    *,
    seeds: int | None = None,
    hours: float | None = None,
    jobs: int | None = None,
    say: Callable[[str], None] = print,
) -> bool:
    """Trains all arms with all seeds, and goes on where an earlier call was stopped.

    seeds: number of seeds in the place of the scale's. hours: when to stop; what is not done then goes on with the next call. jobs: runs side by side; by
    default one a processor.

    Gives whether all runs have reached their end.
    """
    folder.mkdir(parents=True, exist_ok=True)
    scale = replace(scale, seeds=seeds or scale.seeds)
    until = time.monotonic() + hours * 3600 if hours is not None else float("inf")
    # Seed after seed, so that an early stop leaves whole comparisons.
    runs = [(arm.name, seed) for seed in range(scale.seeds) for arm in experiment.arms_of(scale)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs or os.cpu_count() or 1, spawn, _begin, (experiment, scale)) as pool:
        done = 0
        for wave in _waves(experiment, runs):
            going: dict[Future[bool], tuple[str, int]] = {pool.submit(_train, arm, seed, folder, until): (arm, seed) for arm, seed in wave}
            whole = 0
            while going:
                for future in wait(going, return_when=FIRST_COMPLETED).done:
                    arm, seed = going.pop(future)
                    if future.exception():
                        # The others would be wrong in the same way, or wait for this one.
                        pool.shutdown(cancel_futures=True)
                    whole += future.result()
                    word = "done" if future.result() else "stopped, and goes on with the next call"
                    say(f"{experiment.name}: {arm}, seed {seed}: {word} ({done + whole} of {len(runs)})")
            done += whole
            if whole < len(wave):
                break
    return done == len(runs)


def _waves(experiment: Experiment, runs: list[tuple[str, int]]) -> list[list[tuple[str, int]]]:
    """The runs in groups: those of a group build on models of the groups before it."""
    depths = [len(experiment.before(experiment.arm(arm))) for arm, _ in runs]
    return [[run for run, depth in zip(runs, depths, strict=True) if depth == wanted] for wanted in sorted(set(depths))]


def _begin(experiment: Experiment, scale: Scale) -> None:
    import torch

    global _asked
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(1)
    _asked = experiment, scale


@functools.cache
def _ground() -> Ground:
    """What the runs of this process share. It is made by the first of them, since an error of a process that begins says nothing."""
    from .training import Ground

    assert _asked
    return Ground(*_asked)


def _end_with_parent() -> None:
    """Ends this process when the one that began it is gone. The checkpoint stays."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _train(arm: str, seed: int, folder: Path, until: float) -> bool:
    from .training import Run

    if time.monotonic() > until:
        return False
    ground = _ground()
    return Run(ground, ground.experiment.arm(arm), seed, folder).train(until)
