"""A run: one arm with one seed, from the first step to its last point, and on from where it was stopped.

The rate of learning rises, then stays. For each budget a copy of the model goes on alone with a rate that falls to nothing, which ends at exactly that
budget: what a run of this budget would have given (Hägele et al. 2024, "Scaling laws and compute-optimal training beyond fixed training durations"). So one
run gives a whole curve, at equal tokens and at equal rows.
"""

from __future__ import annotations

import copy
import itertools
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .. import __version__
from ..datasets import Dataset, load
from ..tokens import Tokenizer, tokenizer as tokenizer_of
from .evaluation import Test, drawn
from .experiment import Arm, Experiment, Scale
from .model import Decoder
from .rows import Batch, Batches, Part, Words

#: Rows of each arm that are read for the words of an experiment: so many that hardly any row has another word. Arms with longer traces have more rare numbers,
#: so rows that are left out for them would be another thing in which arms differ.
_READ = 20_000
#: Rows of each arm whose mean length is taken.
_MEASURED = 4096
#: Share of an arm's rows that may be longer than the context.
_MOST_LEFT_OUT = 0.002
#: Seconds between two checkpoints.
_SAVE = 120.0


@dataclass(frozen=True)
class Point:
    """The end of a budget."""

    unit: str
    """`tokens` or `rows`."""
    amount: int


class Ground:
    """What all runs of an experiment at a scale share: words, tests, points."""

    def __init__(self, experiment: Experiment, scale: Scale) -> None:
        self.experiment, self.scale = experiment, scale
        self.arms = experiment.arms_of(scale)
        configs = sorted({config for arm in self.arms for config in (arm.config, arm.then) if config})
        rows = {config: load(experiment.recipe, config) for config in configs}
        kinds = {config: kind_of(rows[config], experiment.cells) for config in configs}
        if len(set(kinds.values())) > 1:
            raise ValueError(f"the arms have different vocabularies: {', '.join(sorted({kind.name for kind in kinds.values()}))}")
        self.tokenizer = next(iter(kinds.values()))
        self.lengths: dict[str, float] = {}
        found = []
        for arm in self.arms:
            ids, offsets = Part(rows[arm.config], self.tokenizer, arm.mask, arm.text).first(_READ)
            measured = min(_MEASURED, len(offsets) - 1)
            self.lengths[arm.name] = int(offsets[measured]) / measured
            longer = float((np.diff(offsets) > experiment.size.context).mean())
            if longer > _MOST_LEFT_OUT:
                raise ValueError(f"size.context: {longer:.1%} of the rows of the arm {arm.name} are longer than {experiment.size.context} tokens")
            found.append(ids)
            if arm.then:
                found.append(Part(rows[arm.then], self.tokenizer, "prompt").first(_READ)[0])
        self.words = Words(found, len(self.tokenizer))

    def part(self, arm: Arm, config: str) -> Part:
        """The training rows of an arm."""
        own = config == arm.config
        rows = load(self.experiment.recipe, config)
        return Part(rows, self.tokenizer, arm.mask if own else "prompt", arm.text if own else None)

    def tests(self, arm: Arm) -> dict[str, Test]:
        """The packs, as an arm is asked for them."""
        config = arm.then or arm.config
        packs = {pack.name: load(self.experiment.recipe, config, pack.split, count=self.scale.test) for pack in self.experiment.packs}
        return {name: Test(rows, self.tokenizer, self.words) for name, rows in packs.items()}

    def points(self, arm: Arm) -> list[Point]:
        """The budgets of an arm, in the order in which their ends begin: those in tokens, and as many rows as the arm with the longest rows has in the end."""
        tokens = [Point("tokens", round(millions * 1e6)) for millions in self.scale.points]
        rows = int(self.scale.points[-1] * 1e6 / max(self.lengths.values()))
        length = self.lengths[arm.name]
        if rows * length > 0.98 * tokens[-1].amount:
            return tokens
        return sorted([*tokens, Point("rows", rows)], key=lambda point: point.amount * (length if point.unit == "rows" else 1))


def kind_of(rows: Dataset, cells: bool) -> Tokenizer:
    """The tokens of a dataset's dialect."""
    dialect = rows[0]["dialect"]
    return tokenizer_of(dialect, cells=cells and dialect == "compact")


class Run:
    """One arm with one seed. `file` gets a line for each point and pack, `checkpoint` what a later process needs to go on."""

    def __init__(self, ground: Ground, arm: Arm, seed: int, folder: Path) -> None:
        self.ground, self.arm, self.seed = ground, arm, seed
        self.file, self.checkpoint = folder / f"{arm.name}-{seed}.jsonl", folder / f"{arm.name}-{seed}.pt"
        experiment = ground.experiment
        torch.manual_seed(seed)
        self.model = Decoder(len(ground.words), experiment.size)
        self.optimizer = optimizer_of(self.model, experiment.rate)
        self.steps = self.tokens = self.rows = self.done = 0
        #: Seconds of the processor, up to the place where they were counted last.
        self.seconds, self._counted = 0.0, 0.0
        self._tests: dict[str, Test] | None = None

    def train(self, until: float = float("inf")) -> bool:
        """Trains to the last point, or until a time of the clock (`time.monotonic`). Gives whether the last point was reached."""
        points = self.ground.points(self.arm)
        if self._whole():
            return True
        self._restore()
        if self.done == len(points):
            return True
        batches: Iterator[Batch] = itertools.islice(self._batches(self.arm.config), self.steps, None)
        saved, self._counted = time.monotonic(), time.process_time()
        own = self.arm.then is None
        for point in points[self.done :]:
            while self._at(point.unit) < (1 - self.ground.experiment.fall) * point.amount:
                self._step(self.model, self.optimizer, next(batches), 1.0)
                now = time.monotonic()
                if now - saved > _SAVE or now > until:
                    self._save()
                    saved = now
                if now > until:
                    return False
            if own:
                batches, ahead = itertools.tee(batches)
            else:
                ahead = self._batches(str(self.arm.then))
            self._finish(point, ahead)
            self.done += 1
            self._save()
            saved = time.monotonic()
        return True

    def _at(self, unit: str) -> int:
        return self.tokens if unit == "tokens" else self.rows

    def _batches(self, config: str) -> Batches:
        experiment = self.ground.experiment
        return Batches(
            self.ground.part(self.arm, config), self.ground.words, experiment.tokens_a_step, experiment.size.context, self.seed
        )

    def _step(self, model: Decoder, optimizer: torch.optim.Optimizer, batch: Batch, share: float) -> float:
        """One step with a share of the full rate."""
        experiment = self.ground.experiment
        for group in optimizer.param_groups:
            group["lr"] = experiment.rate * share * min(1.0, (self.steps + 1) / experiment.warm_up)
        loss = model.loss(batch.ids, batch.learnt)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        self.steps, self.tokens, self.rows = self.steps + 1, self.tokens + batch.tokens, self.rows + batch.rows
        return loss.item()

    def _finish(self, point: Point, batches: Iterator[Batch]) -> None:
        """Lets a copy of the model go on to the point, with a rate that falls, and tests it."""
        model = copy.deepcopy(self.model)
        optimizer = optimizer_of(model, self.ground.experiment.rate)
        optimizer.load_state_dict(copy.deepcopy(self.optimizer.state_dict()))
        place = self.steps, self.tokens, self.rows
        losses: list[float] = []
        while self._at(point.unit) < point.amount:
            left = 1 - self._at(point.unit) / point.amount
            losses.append(self._step(model, optimizer, next(batches), left / self.ground.experiment.fall))
        self._count()
        line = {
            "experiment": self.ground.experiment.name,
            "arm": self.arm.name,
            "digest": self.ground.experiment.digest(self.arm),
            "seed": self.seed,
            "unit": point.unit,
            "amount": point.amount,
            "steps": self.steps,
            "tokens": self.tokens,
            "rows": self.rows,
            "loss": sum(losses[-100:]) / len(losses[-100:]) if losses else None,
            "seconds": round(self.seconds, 1),
            "version": __version__,
        }
        self.steps, self.tokens, self.rows = place
        self._write(line, model)

    def _write(self, line: dict[str, Any], model: Decoder) -> None:
        self._tests = self._tests or self.ground.tests(self.arm)
        model.eval()
        lines = [line | {"pack": name} | asdict(test.outcome(model)) for name, test in self._tests.items()]
        samples = self.ground.experiment.samples
        if samples and line["unit"] == "tokens" and line["amount"] == round(self.ground.scale.points[-1] * 1e6):
            lines = [one | drawn(self._tests[one["pack"]], model, samples) for one in lines]
        with self.file.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(one) + "\n" for one in lines)

    def _count(self) -> None:
        now = time.process_time()
        self.seconds, self._counted = self.seconds + now - self._counted, now

    def _save(self) -> None:
        self._count()
        parts = ("steps", "tokens", "rows", "done", "seconds")
        state = {name: getattr(self, name) for name in parts}
        state |= {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        written = self.checkpoint.with_suffix(".part")
        torch.save(state, written)
        os.replace(written, self.checkpoint)

    def _whole(self) -> bool:
        """Whether the file has all lines, with no checkpoint beside it: results that came from elsewhere."""
        wanted = len(self.ground.points(self.arm)) * len(self.ground.experiment.packs)
        return not self.checkpoint.exists() and self.file.exists() and len(self.file.read_bytes().splitlines()) == wanted

    def _restore(self) -> None:
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            self.model.load_state_dict(state.pop("model"))
            self.optimizer.load_state_dict(state.pop("optimizer"))
            self.__dict__.update(state)
        self._forget()

    def _forget(self) -> None:
        """Drops lines of points that the checkpoint does not have: they come again."""
        if self.file.exists():
            kept = self.file.read_text(encoding="utf-8").splitlines(keepends=True)[: self.done * len(self.ground.experiment.packs)]
            self.file.write_text("".join(kept), encoding="utf-8")


def optimizer_of(model: Decoder, rate: float) -> torch.optim.Optimizer:
    """AdamW with the settings of all experiments."""
    return torch.optim.AdamW(model.parameters(), rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
