"""Tokens a second of the experiments' training, beside a plain loop on the same rows; the share that data takes; seconds to answer 1,000 puzzles.

    python python/benches/training.py [steps]

One thread. The plain loop has the same decoder and rows, but takes rows as they come, pads them to the longest, turns every place into logits over the whole
vocabulary, and steps with AdamW as it is by default.
"""

from __future__ import annotations

import sys
import time

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

import stream_of_search as sos
from stream_of_search.experiments.decoding import answer
from stream_of_search.experiments.experiment import Scale, read
from stream_of_search.experiments.model import Decoder
from stream_of_search.experiments.rows import Batches
from stream_of_search.experiments.training import Ground, optimizer_of


def main(steps: int) -> None:
    torch.set_num_threads(1)
    experiment = read("traces")
    ground = Ground(experiment, Scale(points=(1.0,), seeds=1, test=1000, arms=("right", "answer", "swapped", "filler")))
    for arm in ground.arms:
        part = ground.part(arm, arm.config)
        model = Decoder(len(ground.words), experiment.size)
        optimizer = optimizer_of(model, experiment.rate)
        batches = Batches([part], ground.words, experiment.tokens_a_step, experiment.size.context, 0)
        next(batches)
        tokens, data, began = 0, 0.0, time.perf_counter()
        for _ in range(steps):
            start = time.perf_counter()
            batch = next(batches)
            data += time.perf_counter() - start
            update(model, optimizer, model.loss(batch.ids, batch.learnt))
            tokens += batch.tokens
        seconds = time.perf_counter() - began
        print(f"{arm.name:10} {tokens / seconds:8,.0f} tokens a second, {data / seconds:5.1%} of it data, {model.parameters_count:,} parameters")
        if arm.name == "right":
            plain(part.dataset, ground.tokenizer, experiment.size, steps, tokens / seconds)
    prompts = ground.test(ground.arms[0], experiment.packs[0], None).prompts
    start = time.perf_counter()
    written = answer(model, prompts, end=-1)
    print(f"{len(prompts)} puzzles, {sum(map(len, written)):,} tokens written in {time.perf_counter() - start:.1f} s")


def update(model: Decoder, optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


def plain(rows: sos.Dataset, tokenizer: sos.Tokenizer, size: object, steps: int, ours: float) -> None:
    model = Decoder(len(tokenizer), size)
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    loader = iter(DataLoader(rows.tokens(tokenizer, mask="prompt"), batch_size=15, collate_fn=sos.collate(tokenizer)))
    next(loader)
    tokens, began = 0, time.perf_counter()
    for _ in range(steps):
        batch = next(loader)
        logits = model(batch["input_ids"][:, :-1]) @ model.embed.weight.T
        update(model, optimizer, F.cross_entropy(logits.flatten(0, 1), batch["labels"][:, 1:].flatten(), ignore_index=-100))
        tokens += int(batch["attention_mask"].sum())
    found = tokens / (time.perf_counter() - began)
    print(f"{'plain loop':10} {found:8,.0f} tokens a second: {ours / found:.1f} times slower")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
