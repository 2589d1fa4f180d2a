"""REINFORCE with the scorer as the reward: a decoder writes, is paid, and writes what was paid more often.

The advantage of a text is its reward against the mean of its puzzle's texts (Williams 1992; the group as the baseline as in GRPO, Shao et al. 2024, without its division by
the deviation, as Liu et al. 2025 propose). Texts are learnt once, right after they were written, so there is no ratio of chances to clip.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..datasets import Dataset
from ..scoring import score_many
from .evaluation import Asker, solves
from .experiment import Reward
from .model import Decoder


class Paid:
    """Texts of a decoder for training puzzles, with what they were paid."""

    def __init__(self, rows: Dataset, asker: Asker, reward: Reward, seed: int) -> None:
        self._rows, self._asker, self._seed = rows, asker, seed
        self._each, self._puzzles = reward.each, reward.puzzles

    def texts(self, model: Decoder, step: int) -> tuple[Tensor, Tensor, Tensor, int]:
        """Ids and which of them were written, [rows, longest]; the advantage of each row; and the tokens of all. They follow from the seed and the step."""
        places = np.random.default_rng([self._seed, step]).integers(len(self._rows), size=self._puzzles).tolist()
        told = [row for place in places for row in [self._rows[place]] * self._each]
        prompts = [self._asker.prompt(row) for row in told]
        model.eval()
        numbers, ended = self._asker.draw(model, prompts, self._seed * 1_000_003 + step)
        model.train()
        texts = [self._asker.text(tokens) for tokens in numbers]
        scores = score_many([row["prompt"] + text for row, text in zip(told, texts, strict=True)], told, read="trace", threads=1)
        paid = torch.tensor([float(solves(row, one)) for row, one in zip(told, scores, strict=True)])
        groups = paid.view(-1, self._each)
        advantages = (groups - groups.mean(1, keepdim=True)).flatten()
        whole = [[*prompt, *tokens, *end] for prompt, tokens, end in zip(prompts, numbers, ended, strict=True)]
        longest = max(map(len, whole))
        ids = torch.tensor([row + [0] * (longest - len(row)) for row in whole])
        written = torch.tensor([[len(prompt) <= place < len(row) for place in range(longest)] for prompt, row in zip(prompts, whole, strict=True)])
        return ids, written, advantages, sum(map(len, whole))


def loss(model: Decoder, ids: Tensor, written: Tensor, advantages: Tensor) -> Tensor:
    """Minus the mean over all written tokens of their log chance times the advantage of their row. Rows without an advantage are left out."""
    told = advantages != 0
    if not told.any():
        return model.embed.weight.sum() * 0
    ids, learnt = ids[told], written[told][:, 1:]
    hidden = model(ids[:, :-1])[learnt]
    costs = F.cross_entropy(hidden @ model.embed.weight.T, ids[:, 1:][learnt], reduction="none")
    weights = advantages[told][:, None].expand(learnt.shape)[learnt]
    return (costs * weights).sum() / written.sum()
