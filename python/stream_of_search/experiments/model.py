"""A decoder of transformer blocks, small enough to read and to train on one core.

Rotary positions (Su et al. 2021), norms before each part (Xiong et al. 2020), one matrix for reading and for writing tokens (Press and Wolf 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Size:
    """The size of a decoder. `context` is the greatest number of tokens of a row."""

    width: int = 96
    layers: int = 3
    heads: int = 4
    context: int = 512


class Cache:
    """Keys and values of the tokens that a block has read: [rows, heads, tokens, width of a head]. There is room for all tokens from the beginning on."""

    def __init__(self, rows: int, size: Size, room: int) -> None:
        self.keys, self.values = (torch.empty(rows, size.heads, room, size.width // size.heads) for _ in range(2))
        self.tokens = 0

    def add(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """All keys and values, with those of the new tokens behind the others."""
        begin, self.tokens = self.tokens, self.tokens + keys.shape[2]
        self.keys[:, :, begin : self.tokens], self.values[:, :, begin : self.tokens] = keys, values
        return self.keys[:, :, : self.tokens], self.values[:, :, : self.tokens]

    def keep(self, rows: Tensor) -> None:
        """Drops all rows but these."""
        self.keys, self.values = self.keys[rows], self.values[rows]


class Attention(nn.Module):
    """Causal self-attention of several heads."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.read = nn.Linear(size.width, 3 * size.width, bias=False)
        self.write = nn.Linear(size.width, size.width, bias=False)

    def forward(self, x: Tensor, turns: Tensor, seen: Tensor | None = None, cache: Cache | None = None) -> Tensor:
        """x: [rows, tokens, width]. turns: rotation of each position, complex. seen: which keys a query sees, where that is not all before it."""
        parts = self.read(x).unflatten(-1, (3, self.heads, -1))
        queries_keys = torch.view_as_complex(parts[:, :, :2].unflatten(-1, (-1, 2)))
        turned = torch.view_as_real(queries_keys * turns).flatten(-2)
        queries, keys, values = turned[:, :, 0].transpose(1, 2), turned[:, :, 1].transpose(1, 2), parts[:, :, 2].transpose(1, 2)
        if cache is not None:
            keys, values = cache.add(keys, values)
        mixed = F.scaled_dot_product_attention(queries, keys, values, attn_mask=seen, is_causal=seen is None)
        written: Tensor = self.write(mixed.transpose(1, 2).flatten(2))
        return written


class Block(nn.Module):
    """Attention, then two layers on each token by itself."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(size.width, bias=False) for _ in range(2)])
        self.attention = Attention(size)
        self.wide = nn.Linear(size.width, 4 * size.width, bias=False)
        self.narrow = nn.Linear(4 * size.width, size.width, bias=False)

    def forward(self, x: Tensor, turns: Tensor, seen: Tensor | None = None, cache: Cache | None = None) -> Tensor:
        x = x + self.attention(self.norms[0](x), turns, seen, cache)
        more: Tensor = self.narrow(F.gelu(self.wide(self.norms[1](x))))
        return x + more


class Decoder(nn.Module):
    """Reads ids of tokens, [rows, tokens], and tells the next ones."""

    turns: Tensor

    def __init__(self, tokens: int, size: Size) -> None:
        super().__init__()
        self.size = size
        self.embed = nn.Embedding(tokens, size.width)
        self.blocks = nn.ModuleList([Block(size) for _ in range(size.layers)])
        self.norm = nn.LayerNorm(size.width, bias=False)
        self.apply(_begin)
        for name, weight in self.named_parameters():
            # Parts that add to the stream begin smaller, the more of them there are (Radford et al. 2019, section 2.3).
            if name.endswith(("write.weight", "narrow.weight")):
                nn.init.normal_(weight, std=(2 * size.layers * weight.shape[1]) ** -0.5)
        pairs = size.width // size.heads // 2
        # Twice the context: a short prompt that is answered beside a long one stands at its end.
        angles = torch.outer(torch.arange(2 * size.context), 10_000.0 ** (-torch.arange(pairs) / pairs))
        self.register_buffer("turns", torch.polar(torch.ones_like(angles), angles)[:, None, None], persistent=False)

    def forward(self, ids: Tensor, seen: Tensor | None = None, caches: Sequence[Cache] | None = None, start: int = 0) -> Tensor:
        """What the last norm gives: [rows, tokens, width]. `start` is the position of the first token."""
        turns = self.turns[start : start + ids.shape[1]]
        x = self.embed(ids)
        for number, block in enumerate(self.blocks):
            x = block(x, turns, seen, caches[number] if caches else None)
        normed: Tensor = self.norm(x)
        return normed

    def loss(self, ids: Tensor, learnt: Tensor) -> Tensor:
        """Mean loss of the tokens that are learnt. learnt: [rows, tokens], whether a token counts; padding does not.

        Only the places before such tokens are turned into logits.
        """
        hidden = self(ids[:, :-1])[learnt[:, 1:]]
        return F.cross_entropy(hidden @ self.embed.weight.T, ids[:, 1:][learnt[:, 1:]])

    @property
    def parameters_count(self) -> int:
        """Number of parameters."""
        return sum(parameter.numel() for parameter in self.parameters())


def _begin(module: nn.Module) -> None:
    # Numbers of the size 1 stay so. The 0.02 of GPT-2 is for wide models: at a width of 96 attention hardly begins to learn with it.
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=module.weight.shape[1] ** -0.5)
