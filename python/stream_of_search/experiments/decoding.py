"""What a decoder writes behind prompts: many at once, with keys and values kept."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor

from .model import Cache, Decoder

#: Prompts that are answered at once.
_ROWS = 250

#: The least share of them that still goes on before the others are dropped.
_FULL = 0.8


@torch.no_grad()
def answer(
    model: Decoder, prompts: Sequence[Sequence[int]], end: int, *, temperature: float = 0.0, seed: int = 0
) -> list[list[int]]:
    """The tokens behind each prompt, up to the token `end`, which is left out, or up to the greatest length of a row.

    temperature: 0 takes the likeliest token; otherwise tokens are drawn, by the seed.
    """
    order = sorted(range(len(prompts)), key=lambda place: len(prompts[place]))
    answers: list[list[int]] = [[] for _ in prompts]
    draws = torch.Generator().manual_seed(seed)
    for start in range(0, len(order), _ROWS):
        places = order[start : start + _ROWS]
        for place, tokens in zip(places, _batch(model, [prompts[p] for p in places], end, temperature, draws), strict=True):
            answers[place] = tokens
    return answers


def _batch(
    model: Decoder, prompts: list[Sequence[int]], end: int, temperature: float, draws: torch.Generator
) -> list[list[int]]:
    longest = max(map(len, prompts))
    ids = torch.tensor([[0] * (longest - len(prompt)) + list(prompt) for prompt in prompts])
    # Prompts stand at the right; what is left of them is seen by nothing.
    real = torch.arange(longest) >= torch.tensor([[longest - len(prompt)] for prompt in prompts])
    before = torch.ones(longest, longest, dtype=torch.bool).tril()
    # A place that sees nothing would give numbers that are none, so each sees itself.
    seen = (real[:, None] & before | torch.eye(longest, dtype=torch.bool))[:, None]
    room = torch.tensor([model.size.context - len(prompt) for prompt in prompts])
    caches = [Cache(len(prompts), model.size, longest + int(room.max())) for _ in model.blocks]
    hidden = model(ids, seen, caches)[:, -1]
    written: list[list[int]] = [[] for _ in prompts]
    rows, going = torch.arange(len(prompts)), torch.ones(len(prompts), dtype=torch.bool)
    for count in itertools.count(1):
        tokens = _next(hidden @ model.embed.weight.T, temperature, draws)
        going &= (tokens != end) & (count <= room)
        for row, token in zip(rows[going].tolist(), tokens[going].tolist(), strict=True):
            written[row].append(token)
        if not going.any():
            break
        # To drop rows is to copy all others, so those that have ended stay until they are many.
        if going.sum() < _FULL * len(going):
            for cache in caches:
                cache.keep(going)
            rows, tokens, real, room, going = rows[going], tokens[going], real[going], room[going], going[going]
        real = torch.cat([real, real.new_ones(len(rows), 1)], 1)
        hidden = model(tokens[:, None], real[:, None, None], caches, longest + count - 1)[:, -1]
    return written


def _next(logits: Tensor, temperature: float, draws: torch.Generator) -> Tensor:
    if temperature == 0:
        return logits.argmax(-1)
    return torch.multinomial((logits / temperature).softmax(-1), 1, generator=draws)[:, 0]


@torch.no_grad()
def chances(model: Decoder, prompts: Sequence[Sequence[int]], options: Sequence[Sequence[Sequence[int]]]) -> list[list[float]]:
    """How likely each of a prompt's options is as the text behind it: shares that add up to 1. options: for each prompt, texts as tokens."""
    found = []
    for prompt, texts in zip(prompts, options, strict=True):
        longest = max(map(len, texts))
        ids = torch.tensor([[*prompt, *text] + [0] * (longest - len(text)) for text in texts])
        hidden = model(ids)[:, len(prompt) - 1 : -1]
        logs = (hidden @ model.embed.weight.T).log_softmax(-1)
        each = logs.gather(2, ids[:, len(prompt) :, None])[:, :, 0]
        counts = torch.arange(longest) < torch.tensor([[len(text)] for text in texts])
        found.append((each * counts).sum(1).softmax(0).tolist())
    return found
