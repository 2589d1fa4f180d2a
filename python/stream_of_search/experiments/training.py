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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .. import __version__
from ..datasets import Dataset, load
from ..tokens import Tokenizer, tokenizer as tokenizer_of
from . import own, reinforce
from .evaluation import Asker, Test, drawn, test_of
from .experiment import Arm, Experiment, Own, Pack, Scale
from .model import Decoder
from .rows import Batch, Batches, Part, Words

#: Rows of each arm that are read for the words of an experiment: so many that hardly any row has another word. Arms with longer traces have more rare numbers,
#: so rows that are left out for them would be another thing in which arms differ.
_READ = 20_000
#: Rows of each arm whose mean length is taken.
_MEASURED = 4096
#: Share of an arm's rows that may be longer than the context.
_MOST_LEFT_OUT = 0.002
#: How many texts a model writes for each puzzle of a pack whose candidates they are.
_TEXTS = 4
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
        parts = sorted({(config, arm.train_split()) for arm in self.arms for config in arm.configs()})
        rows = {part: load(experiment.recipe, *part) for part in parts}
        other = [pack.name for pack in experiment.packs if pack.texts == "other"]
        if other and scale.seeds < 2:
            raise ValueError(f"seeds: found 1; the pack {other[0]} asks for texts of a model with another seed, so allowed are two or more")
        kinds = {part: kind_of(rows[part], experiment.cells) for part in parts}
        if len(set(kinds.values())) > 1:
            raise ValueError(f"the arms have different vocabularies: {', '.join(sorted({kind.name for kind in kinds.values()}))}")
        self.tokenizer = next(iter(kinds.values()))
        self.lengths: dict[str, float] = {}
        found = []
        # A scale that sees fewer rows than that needs the words of fewer.
        read = min(_READ, round(scale.points[-1] * 1e5))
        for arm in self.arms:
            lengths = {}
            for config in arm.configs():
                ids, offsets = self._part(rows[config, arm.train_split()], arm, config).first(read)
                measured = min(_MEASURED, len(offsets) - 1)
                lengths[config] = int(offsets[measured]) / measured
                longer = float((np.diff(offsets) > experiment.size.context).mean())
                if longer > _MOST_LEFT_OUT:
                    raise ValueError(f"size.context: {longer:.1%} of the rows {config} of the arm {arm.name} are longer than {experiment.size.context} tokens")
                found.append(ids)
            self.lengths[arm.name] = (lengths[arm.config] + lengths[arm.also or arm.config]) / 2
        self.words = Words(found, len(self.tokenizer))

    def part(self, arm: Arm, config: str) -> Part:
        """The training rows of an arm, of one of its configs."""
        rows = load(self.experiment.recipe, config, arm.train_split(), count=arm.rows if config == arm.config else None)
        return self._part(rows, arm, config)

    def _part(self, rows: Dataset, arm: Arm, config: str) -> Part:
        own = config == arm.config
        return Part(rows, self.tokenizer, arm.mask if own else "prompt", arm.text if own else None)

    def asker(self) -> Asker:
        """Asks decoders in the words of the experiment."""
        return Asker(self.tokenizer, self.words)

    def decoder(self, file: Path) -> Decoder:
        """A decoder from a file."""
        model = Decoder(len(self.words), self.experiment.size)
        model.load_state_dict(torch.load(file, weights_only=True))
        return model

    def test(self, arm: Arm, pack: Pack, texts: Path | None) -> Test:
        """A pack, as an arm is asked for it. texts: a file of candidates."""
        config = str(pack.config(arm))
        recipe = own.with_candidates(self.experiment.recipe, config, texts) if texts else self.experiment.recipe
        return test_of(load(recipe, config, pack.split, count=self.scale.test), self.asker(), imported=texts is not None)

    def points(self, arm: Arm) -> list[Point]:
        """The budgets of an arm, in the order in which their ends begin: those in tokens, and as many rows as the arm with the longest rows has in the end."""
        tokens = [Point("tokens", round(millions * 1e6)) for millions in self.scale.points]
        if arm.own or arm.reward or arm.after and not self.scale.rows_after:
            return tokens
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
        self.folder = folder
        self.file, self.checkpoint = folder / f"{arm.name}-{seed}.jsonl", folder / f"{arm.name}-{seed}.pt"
        experiment = ground.experiment
        torch.manual_seed(seed)
        self.model = Decoder(len(ground.words), experiment.size)
        self.rate = arm.reward.rate if arm.reward else experiment.rate
        self.optimizer = optimizer_of(self.model, self.rate)
        self._paid: reinforce.Paid | None = None
        self.steps = self.tokens = self.rows = self.done = 0
        #: Seconds of the processor, up to the place where they were counted last.
        self.seconds, self._counted = 0.0, 0.0
        self._tests: dict[str, Test] = {}

    def train(self, until: float = float("inf")) -> bool:
        """Trains to the last point, or until a time of the clock (`time.monotonic`). Gives whether the last point was reached."""
        points = self.ground.points(self.arm)
        if self._whole():
            return True
        if self.arm.after:
            self.model.load_state_dict(self.ground.decoder(self._model_of(self.arm.after)).state_dict())
        self._restore()
        if self.done == len(points):
            return True
        # Before the first step, so that a pack which cannot be asked costs no training.
        packs = self.ground.experiment.packs_of(self.arm)
        self._tests = {pack.name: self.ground.test(self.arm, pack, self._texts_for(pack)) for pack in packs}
        batches: Iterator[Batch] = itertools.islice(self._first_batches(), self.steps, None)
        saved, self._counted = time.monotonic(), time.process_time()
        own = self.arm.then is None
        for point in points[self.done :]:
            while self._at(point.unit) < (1 - self.ground.experiment.fall) * point.amount:
                self._step(self.model, self.optimizer, batches, 1.0)
                now = time.monotonic()
                if now - saved > _SAVE or now > until:
                    self._save()
                    saved = now
                if now > until:
                    return False
            if own:
                batches, ahead = itertools.tee(batches)
            else:
                ahead = self._batches([self.ground.part(self.arm, str(self.arm.then))])
            self._finish(point, ahead)
            self.done += 1
            self._save()
            saved = time.monotonic()
        return True

    def _at(self, unit: str) -> int:
        return self.tokens if unit == "tokens" else self.rows

    def _model_of(self, arm: str, seed: int | None = None) -> Path:
        """The file of a finished model of an arm, by default with the seed of this run."""
        return self.folder / f"{arm}-{self.seed if seed is None else seed}.model.pt"

    def _first_batches(self) -> Iterator[Batch]:
        """The batches of the first stage, or none where the arm learns by reward."""
        reward, texts = self.arm.reward, self.arm.own
        if reward:
            rows = load(self.ground.experiment.recipe, self.arm.config)
            self._paid = reinforce.Paid(rows, self.ground.asker(), reward, self.seed)
            return iter(())
        if texts:
            file = self.folder / f"{self.arm.name}-{self.seed}.texts"
            recipe = self.ground.experiment.recipe
            writer = self.ground.experiment.arm(str(self.arm.after))
            own.written(self.ground.decoder(self._model_of(writer.name)).eval(), load(recipe, writer.config), texts, self.ground.asker(), self.seed, file)
            rows, chosen = own.rows_of(recipe, self.arm, texts, file, self.seed)
            part = Part(rows, self.ground.tokenizer, self.arm.mask, self.arm.text, chosen)
        else:
            part = self.ground.part(self.arm, self.arm.config)
        return self._batches([part, self.ground.part(self.arm, self.arm.also)] if self.arm.also else [part])

    def _batches(self, parts: Sequence[Part]) -> Batches:
        experiment = self.ground.experiment
        return Batches(parts, self.ground.words, experiment.tokens_a_step, experiment.size.context, self.seed)

    def _step(self, model: Decoder, optimizer: torch.optim.Optimizer, batches: Iterator[Batch], share: float) -> float:
        """One step with a share of the full rate."""
        for group in optimizer.param_groups:
            group["lr"] = self.rate * share * min(1.0, (self.steps + 1) / self.ground.experiment.warm_up)
        if self._paid:
            ids, written, advantages, tokens = self._paid.texts(model, self.steps)
            loss, rows = reinforce.loss(model, ids, written, advantages), len(ids)
        else:
            batch = next(batches)
            loss, rows, tokens = model.loss(batch.ids, batch.learnt), batch.rows, batch.tokens
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        self.steps, self.tokens, self.rows = self.steps + 1, self.tokens + tokens, self.rows + rows
        return loss.item()

    def _finish(self, point: Point, batches: Iterator[Batch]) -> None:
        """Lets a copy of the model go on to the point, with a rate that falls, and tests it."""
        model = copy.deepcopy(self.model)
        optimizer = optimizer_of(model, self.rate)
        optimizer.load_state_dict(copy.deepcopy(self.optimizer.state_dict()))
        place = self.steps, self.tokens, self.rows
        losses: list[float] = []
        while self._at(point.unit) < point.amount:
            left = 1 - self._at(point.unit) / point.amount
            losses.append(self._step(model, optimizer, batches, left / self.ground.experiment.fall))
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
        model.eval()
        if self._needed() and line["unit"] == "tokens" and line["amount"] == self._last():
            torch.save(model.state_dict(), self._model_of(self.arm.name))
        lines = [line | {"pack": name} | test.outcome(model).fields() for name, test in self._tests.items()]
        samples = self.ground.experiment.samples
        if samples and line["unit"] == "tokens" and line["amount"] == self._last():
            lines = [one | drawn(self._tests[one["pack"]], model, samples) for one in lines]
        with self.file.open("a", encoding="utf-8") as out:
            out.writelines(json.dumps(one) + "\n" for one in lines)

    def _texts_for(self, pack: Pack) -> Path | None:
        """The file with what a model wrote for the puzzles of a pack, where it asks for that."""
        if pack.texts is None:
            return None
        writer = self.ground.experiment.arm(str(self.arm.after))
        seed = self.seed if pack.texts == "own" else (self.seed + 1) % self.ground.scale.seeds
        file = self.folder / f"{writer.name}-{seed}.{pack.split}.texts"
        rows = load(self.ground.experiment.recipe, writer.config, pack.split)
        asked = Own("candidates", self.ground.scale.test, _TEXTS)
        # A judgement has the text in it, and room for what is said of it.
        most = self.ground.experiment.size.context // 4
        own.written(self.ground.decoder(self._model_of(writer.name, seed)).eval(), rows, asked, self.ground.asker(), seed, file, most)
        return file

    def _last(self) -> int:
        return round(self.ground.scale.points[-1] * 1e6)

    def _needed(self) -> bool:
        """Whether another arm goes on from the finished model."""
        return any(arm.after == self.arm.name for arm in self.ground.arms)

    def _count(self) -> None:
        now = time.process_time()
        self.seconds, self._counted = self.seconds + now - self._counted, now

    def _save(self) -> None:
        self._count()
        parts = ("steps", "tokens", "rows", "done", "seconds")
        state = {name: getattr(self, name) for name in parts}
        state |= {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "digest": self.ground.experiment.digest(self.arm)}
        written = self.checkpoint.with_suffix(".part")
        torch.save(state, written)
        os.replace(written, self.checkpoint)

    def _whole(self) -> bool:
        """Whether the file has all lines, with no checkpoint beside it: results that came from elsewhere."""
        wanted = len(self.ground.points(self.arm)) * len(self.ground.experiment.packs_of(self.arm))
        there = not self._needed() or self._model_of(self.arm.name).exists()
        return there and not self.checkpoint.exists() and self.file.exists() and len(self.file.read_bytes().splitlines()) == wanted

    def _restore(self) -> None:
        if self.checkpoint.exists():
            state = torch.load(self.checkpoint, weights_only=True)
            if state.pop("digest", None) != self.ground.experiment.digest(self.arm):
                raise ValueError(f"{self.checkpoint}: found a checkpoint of another recipe or other settings; remove the folder, or give another one by --out")
            self.model.load_state_dict(state.pop("model"))
            self.optimizer.load_state_dict(state.pop("optimizer"))
            self.__dict__.update(state)
        self._forget()

    def _forget(self) -> None:
        """Drops lines of points that the checkpoint does not have: they come again."""
        if self.file.exists():
            kept = self.file.read_text(encoding="utf-8").splitlines(keepends=True)[: self.done * len(self.ground.experiment.packs_of(self.arm))]
            self.file.write_text("".join(kept), encoding="utf-8")


def optimizer_of(model: Decoder, rate: float) -> torch.optim.Optimizer:
    """AdamW with the settings of all experiments."""
    return torch.optim.AdamW(model.parameters(), rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
