"""What a trained decoder can do: its answers to the puzzles of a pack, by the one scorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..datasets import Dataset
from ..scoring import score_many
from ..tokens import Tokenizer
from .decoding import answer
from .model import Decoder
from .rows import Words


@dataclass(frozen=True)
class Outcome:
    """What came of the puzzles of a pack, a character for each: `1`, `0`, or `-` where the measure does not apply."""

    solved: str
    """Whether the answer solves the puzzle, whatever the trace. Where the arm's rows have no answer behind their trace: whether the trace does."""
    optimal: str
    """Whether it is a cheapest one, too."""
    valid: str
    """Whether the trace has no error; `-` where the text has none."""
    written: int
    """Tokens that were written, all puzzles together."""
    errors: dict[str, int]
    """How often each class of error was the first one."""


MEASURES = ("solved", "optimal", "valid")


class Test:
    """The puzzles of a pack, as an arm is asked for them."""

    def __init__(self, rows: Dataset, tokenizer: Tokenizer, words: Words) -> None:
        self._rows = rows[: len(rows)]
        self._tokenizer, self._words = tokenizer, words
        prompts = [[tokenizer.bos_id, *tokenizer.encode(row["prompt"])] for row in self._rows]
        self.prompts = [words.numbers(prompt).tolist() for prompt in prompts]
        unknown = next((i for i, prompt in enumerate(self.prompts) if min(prompt) < 0), None)
        if unknown is not None:
            raise ValueError(f"test puzzle {unknown} has a word that no arm was shown: {self._rows[unknown]['prompt']!r}")
        self._end = int(words.numbers([tokenizer.eos_id])[0])

    def outcome(self, model: Decoder, temperature: float = 0.0, seed: int = 0) -> Outcome:
        """What came of the puzzles."""
        numbers = answer(model, self.prompts, self._end, temperature=temperature, seed=seed)
        texts = [self._tokenizer.decode(self._words.ids[tokens].tolist()) for tokens in numbers]
        whole = [row["prompt"] + text for row, text in zip(self._rows, texts, strict=True)]
        return outcome(whole, self._rows, sum(map(len, numbers)))


def drawn(test: Test, model: Decoder, samples: int) -> dict[str, Any]:
    """What came of so many answers to each puzzle, drawn at temperature 1."""
    found = [test.outcome(model, temperature=1.0, seed=sample) for sample in range(samples)]
    return {"samples": [one.solved for one in found], "samples_written": sum(one.written for one in found)}


def outcome(texts: Sequence[str], rows: Sequence[dict[str, Any]], written: int) -> Outcome:
    """The outcome of texts, each with its prompt."""
    scores = score_many(texts, rows, read="trace", threads=1)
    # Rows without an answer of their own are solved by their trace; all others by the answer alone, or an arm whose traces are right would be paid twice.
    solved = [bool(score.solved if row["answer_right"] is None else score.answer_right) for row, score in zip(rows, scores, strict=True)]
    errors: dict[str, int] = {}
    for score in scores:
        if score.first_error is not None:
            errors[score.first_error] = errors.get(score.first_error, 0) + 1
    return Outcome(
        solved=_bits(solved),
        optimal=_bits(right and score.optimal for right, score in zip(solved, scores, strict=True)),
        valid=_bits(score.trace_valid for score in scores),
        written=written,
        errors=dict(sorted(errors.items())),
    )


def _bits(values: Any) -> str:
    return "".join("-" if value is None else str(int(value)) for value in values)
