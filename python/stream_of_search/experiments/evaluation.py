"""What a decoder can do: what it writes for the rows of a pack, by the one scorer.

A pack asks in one of three ways, by the kind of its rows: for the solution of a puzzle, for a judgement of candidates, or for two answers, one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


from ..checking import check
from ..datasets import Dataset
from ..reports import score
from ..scoring import Score, score_many
from ..token_parts import parts_of
from ..tokens import Tokenizer
from .decoding import answer, chances
from .measures import NUMBERS
from .model import Decoder
from .rows import Words

@dataclass(frozen=True)
class Outcome:
    """What came of the rows of a pack."""

    measures: dict[str, str]
    """Names of `MEASURES`, and a character for each row."""
    written: int
    """Tokens that were written, all rows together."""
    errors: dict[str, int] = field(default_factory=dict)
    """How often each class of error was the first one."""
    numbers: dict[str, float] = field(default_factory=dict)
    """Names of `NUMBERS`, and what came of them."""

    def fields(self) -> dict[str, Any]:
        """The fields of a line of results."""
        return {**self.measures, "written": self.written, "errors": self.errors, **self.numbers}


class Test(Protocol):
    """The rows of a pack, as an arm is asked for them."""

    def outcome(self, model: Decoder, temperature: float = 0.0, seed: int = 0) -> Outcome:
        """What came of the rows."""
        ...


def test_of(rows: Dataset, asker: Asker, imported: bool = False) -> Test:
    """The test that the kind of the rows asks for. imported: of judged candidates only those that were imported count."""
    if "messages" in rows.columns:
        return Turns(rows, asker)
    judged = "candidates" in rows.columns or "candidate" in rows.columns and rows[0].get("arm") not in ("noisy", "verified", "oracle")
    return Judgements(rows, asker, imported) if judged else Puzzles(rows, asker)


def drawn(test: Test, model: Decoder, samples: int) -> dict[str, Any]:
    """What came of so many answers to each puzzle, drawn at temperature 1."""
    found = [test.outcome(model, temperature=1.0, seed=sample) for sample in range(samples)]
    return {"samples": [one.measures["solved"] for one in found], "samples_written": sum(one.written for one in found)}


class Asker:
    """Texts in, texts out."""

    def __init__(self, tokenizer: Tokenizer, words: Words) -> None:
        self.tokenizer, self.words = tokenizer, words
        self._end = int(words.numbers([tokenizer.eos_id])[0])

    def prompt(self, row: Mapping[str, Any]) -> list[int]:
        """What stands before the text that is asked for, as numbers of words."""
        parts = [text for text, _ in parts_of({**row, "completion": ""}, mask=None, bos=True, eos=False, text=None)]
        return self.numbers(parts)

    def numbers(self, parts: Sequence[str]) -> list[int]:
        """Texts, one after the other, as numbers of words. Raises ValueError where a word is none that an arm was shown."""
        names = {"<bos>": self.tokenizer.bos_id, "<eos>": self.tokenizer.eos_id}
        ids = [number for part in parts for number in ([names[part]] if part in names else self.tokenizer.encode(part))]
        numbers: list[int] = self.words.numbers(ids).tolist()
        if numbers and min(numbers) < 0:
            word = self.tokenizer.decode([ids[numbers.index(-1)]])
            raise ValueError(f"a test row has the word {word!r}, which no arm was shown: {''.join(parts)!r}")
        return numbers

    def ask(self, model: Decoder, prompts: Sequence[Sequence[int]], temperature: float, seed: int) -> tuple[list[str], int]:
        """What the decoder writes behind each prompt, and how many tokens in all."""
        numbers = answer(model, prompts, self._end, temperature=temperature, seed=seed)
        return [self.text(tokens) for tokens in numbers], sum(map(len, numbers))

    def draw(self, model: Decoder, prompts: Sequence[Sequence[int]], seed: int) -> tuple[list[list[int]], list[list[int]]]:
        """Tokens that were drawn behind each prompt, and behind them the token that ends a text where the room was enough for it."""
        numbers = answer(model, prompts, self._end, temperature=1.0, seed=seed)
        room = (len(prompt) + len(tokens) < model.size.context for prompt, tokens in zip(prompts, numbers, strict=True))
        return numbers, [[self._end] if enough else [] for enough in room]

    def text(self, numbers: Sequence[int]) -> str:
        """Numbers of words as text."""
        return self.tokenizer.decode(self.words.ids[list(numbers)].tolist())


class Puzzles:
    """Puzzles that are to be solved."""

    def __init__(self, rows: Dataset, asker: Asker) -> None:
        self.rows, self.asker = rows[: len(rows)], asker
        self.prompts = [asker.prompt(row) for row in self.rows]

    def outcome(self, model: Decoder, temperature: float = 0.0, seed: int = 0) -> Outcome:
        """What came of the puzzles."""
        texts, written = self.asker.ask(model, self.prompts, temperature, seed)
        return outcome([row["prompt"] + text for row, text in zip(self.rows, texts, strict=True)], self.rows, written)


def outcome(texts: Sequence[str], rows: Sequence[dict[str, Any]], written: int) -> Outcome:
    """The outcome of texts, each with its prompt."""
    scores = score_many(texts, rows, read="trace", threads=1)
    solved = [solves(row, one) for row, one in zip(rows, scores, strict=True)]
    formed = (not check(row, text, row["dialect"], level="format").errors for row, text in zip(rows, texts, strict=True))
    measures = {
        "solved": _bits(solved),
        "optimal": _bits(right and one.optimal for right, one in zip(solved, scores, strict=True)),
        "valid": _bits(one.trace_valid for one in scores),
        "formed": _bits(formed),
        "clean": "".join("." if not right else str(int(bool(one.trace_valid))) for right, one in zip(solved, scores, strict=True)),
    }
    return Outcome(measures, written, _classes(scores))


def solves(row: Mapping[str, Any], score: Score) -> bool:
    """Whether a text solves its puzzle.

    Rows without an answer of their own are solved by their trace; all others by the answer alone, or an arm whose traces are right would be paid twice.
    """
    return bool(score.solved if row["answer_right"] is None else score.answer_right)


class Judgements:
    """Candidates that are to be judged: rows of the kinds critique, criteria and comparison."""

    def __init__(self, rows: Dataset, asker: Asker, imported: bool = False) -> None:
        self.rows, self.asker, self.imported = rows[: len(rows)], asker, imported
        self.prompts = [asker.prompt(row) for row in self.rows]
        #: For rows of a comparison: what could be answered, as tokens: each candidate, then none.
        self._options = [self._choices(row) for row in self.rows] if "candidates" in rows.columns else None

    def _choices(self, row: Mapping[str, Any]) -> list[list[int]]:
        names = [*map(str, range(1, len(row["candidates"]) + 1)), "none"]
        return [self.asker.numbers([f"Answer: {name}\n"]) for name in names]

    def outcome(self, model: Decoder, temperature: float = 0.0, seed: int = 0) -> Outcome:
        """What came of the judgements. Percentages of a comparison are the chances that the decoder gives to what could be answered."""
        texts, written = self.asker.ask(model, self.prompts, temperature, seed)
        told = [{**row, "response": text} for row, text in zip(self.rows, texts, strict=True)]
        report = score(told, threads=1)
        measures = {"solved": _bits(one.solved for one in report.rows)}
        if self._options is None:
            return Outcome(measures, written)
        shares = [found[:-1] for found in chances(model, self.prompts, self._options)]
        lines = ["".join(f"{place}: {round(100 * share)} %\n" for place, share in enumerate(found, 1)) for found in shares]
        told = [{**row, "response": text} for row, text in zip(self.rows, lines, strict=True)]
        numbers = score(told, threads=1).json["more"]
        wrong = [[share >= 0.5 for share, counts in zip(found, self._wrong(row), strict=True) if counts] for found, row in zip(shares, self.rows, strict=True)]
        measures["accepted"] = "".join("." if not one else str(int(one[0])) for one in wrong)
        if self.imported:
            return Outcome(measures, written)
        return Outcome(measures, written, numbers={name: numbers[f"confidence: {name}"]["mean"] for name in NUMBERS})

    def _wrong(self, row: Mapping[str, Any]) -> list[bool]:
        """Which candidates are wrong, and count."""
        return [not right and (source == "imported" or not self.imported) for right, source in zip(row["candidates_right"], row["candidate_sources"], strict=True)]


class Turns:
    """Two answers to each puzzle: the decoder's own first one stands in the conversation that asks for the second."""

    def __init__(self, rows: Dataset, asker: Asker) -> None:
        self.rows, self.asker = rows[: len(rows)], asker
        self._prompts = [asker.numbers(self._parts(row, [])) for row in self.rows]

    def _parts(self, row: Mapping[str, Any], answers: Sequence[str]) -> list[str]:
        """What stands before the next answer."""
        turns = list(row["messages"][: 2 * len(answers) + 2])
        for place, text in enumerate([*answers, ""]):
            turns[2 * place + 1] = {"role": "assistant", "content": text}
        return [text for text, _ in parts_of({"messages": turns}, mask=None, bos=True, eos=True, text=None)][:-1]

    def outcome(self, model: Decoder, temperature: float = 0.0, seed: int = 0) -> Outcome:
        """What came of both answers. A first answer after which there is no room for a second one is its own second one."""
        firsts, written = self.asker.ask(model, self._prompts, temperature, seed)
        prompts = [self.asker.numbers(self._parts(row, [first])) for row, first in zip(self.rows, firsts, strict=True)]
        room = [place for place, prompt in enumerate(prompts) if len(prompt) < model.size.context]
        seconds, more = self.asker.ask(model, [prompts[place] for place in room], temperature, seed)
        answers = list(firsts)
        for place, text in zip(room, seconds, strict=True):
            answers[place] = text
        asked = [row["messages"][0]["content"] for row in self.rows]
        sides = []
        for texts in (firsts, answers):
            scores = score_many([prompt + text for prompt, text in zip(asked, texts, strict=True)], self.rows, read="trace", threads=1)
            sides.append(([solves(row, one) for row, one in zip(self.rows, scores, strict=True)], scores))
        (before, _), (after, scores) = sides
        pairs = list(zip(before, after, strict=True))
        measures = {
            "solved": _bits(after),
            "first": _bits(before),
            "gained": _bits(not one and other for one, other in pairs),
            "lost": _bits(one and not other for one, other in pairs),
            "same": _bits(one.strip() == other.strip() for one, other in zip(firsts, answers, strict=True)),
        }
        return Outcome(measures, written + more, _classes(scores))


def _classes(scores: Sequence[Score]) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in scores:
        if one.first_error is not None:
            found[one.first_error] = found.get(one.first_error, 0) + 1
    return dict(sorted(found.items()))


def _bits(values: Any) -> str:
    return "".join("-" if value is None else str(int(value)) for value in values)
