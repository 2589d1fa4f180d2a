"""The texts of a row that become its tokens, and what of them a loss skips."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ._core import RequestError, RowError

Mask = Literal["prompt", "skip_spans"] | None
#: Which of several texts of a row: `chosen`, `rejected`, or the place of one of `completions`.
Text = str | int | None
#: A text and the ranges of its bytes that the loss skips.
Part = tuple[str, list[tuple[int, int]]]

_WHOLE = [(0, sys.maxsize)]
#: The columns that are read.
_COLUMNS = ("prompt", "completion", "messages", "chosen", "rejected", "completions", "labels", "skip_spans", "text")


class Turn(NamedTuple):
    """A text of a row. `place` is how spans name it: None where they need no name."""

    text: str
    learnt: bool
    place: int | None = None
    #: Whether `<eos>` stands behind it.
    ends: bool = False


def columns_of(names: Iterable[str]) -> list[str]:
    """Those of a row's columns that are read."""
    return [name for name in names if name in _COLUMNS]


def check_mask(mask: Any) -> None:
    """Raises RequestError for what is no mask."""
    if mask not in (None, "prompt", "skip_spans"):
        raise RequestError(f"mask: found {mask!r}; allowed: None, 'prompt', 'skip_spans'")


def parts_of(row: Mapping[str, Any], *, mask: Mask, bos: bool, eos: bool, text: Text) -> list[Part]:
    """The parts of a row, from its first token to its last."""
    turns = _turns(row, text)
    spans = _spans(row, turns) if mask == "skip_spans" else {}
    nothing: list[tuple[int, int]] = []
    parts: list[Part] = [("<bos>", nothing if mask is None else _WHOLE)] if bos else []
    for number, turn in enumerate(turns):
        skipped = spans.get(turn.place, nothing) if turn.learnt else _WHOLE
        if mask is None:
            skipped = nothing
        parts.append((turn.text, skipped))
        if turn.ends and eos:
            # The end of a turn that is skipped as a whole is skipped too.
            whole = bool(turn.text) and any(start == 0 and end >= len(turn.text.encode()) for start, end in skipped)
            parts.append(("<eos>", _WHOLE if whole or skipped is _WHOLE else nothing))
        elif "messages" in row and number + 1 < len(turns) and not turn.text[-1:].isspace():
            parts.append(("\n", nothing if mask is None else _WHOLE))
    return parts


def _turns(row: Mapping[str, Any], text: Text) -> list[Turn]:
    if text is not None:
        return [*_prompt(row), _chosen(row, text)]
    if "messages" in row:
        return _conversation(row["messages"])
    if "completion" in row:
        return [*_prompt(row), Turn(_string(row, "completion"), True, None, True)]
    if "completions" in row and "labels" in row:
        steps = row["completions"]
        if not all(isinstance(step, str) for step in steps):
            raise RowError("completions: found an item that is no text; allowed: a list of texts")
        return [*_prompt(row), *(Turn(step, True, place, place + 1 == len(steps)) for place, step in enumerate(steps))]
    for name in ("chosen", "completions"):
        if name in row:
            allowed = "text='chosen' or text='rejected'" if name == "chosen" else "text=0, text=1 …, one of `completions`"
            raise RequestError(f"a row has several texts for its prompt; say which becomes tokens: {allowed}")
    if "text" in row:
        return [Turn(_string(row, "text"), True, None, True)]
    raise RowError(
        f"a row has no text to learn; found the columns {', '.join(row)}; allowed: completion, messages, text, or chosen or completions with `text=`"
    )


def _prompt(row: Mapping[str, Any]) -> list[Turn]:
    return [Turn(_string(row, "prompt"), False)] if "prompt" in row else []


def _chosen(row: Mapping[str, Any], text: str | int) -> Turn:
    if isinstance(text, str):
        if text not in ("chosen", "rejected") or text not in row:
            raise RequestError(
                f"text: found {text!r}; allowed in this row: {', '.join(n for n in ('chosen', 'rejected') if n in row) or 'None'}"
            )
        return Turn(_string(row, text), True, ("chosen", "rejected").index(text), True)
    texts = row.get("completions")
    if texts is None or not 0 <= text < len(texts):
        found = "no `completions`" if texts is None else f"{len(texts)} `completions`"
        raise RequestError(f"text: found {text}; the row has {found}")
    return Turn(texts[text], True, text, True)


def _conversation(messages: Sequence[Mapping[str, str]]) -> list[Turn]:
    turns = []
    for place, message in enumerate(messages):
        if not isinstance(message, Mapping) or not {"role", "content"} <= set(message):
            raise RowError(f"messages: found {str(message)[:100]} at {place}; allowed: dicts of role and content")
        learnt = message["role"] == "assistant"
        turns.append(Turn(_string(message, "content"), learnt, place, learnt))
    return turns


def _string(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str):
        raise RowError(
            f"{name}: found {type(value).__name__}; allowed: a text. Rows whose prompt is a list of turns have no completion to learn"
        )
    return value


def _spans(row: Mapping[str, Any], turns: list[Turn]) -> dict[int | None, list[tuple[int, int]]]:
    if "skip_spans" not in row:
        raise RowError("a row has no column skip_spans; mask='prompt' needs none")
    found = row["skip_spans"]
    try:
        spans = json.loads(found) if isinstance(found, str) else found
        named = {turn.place for turn in turns} - {None}
        places: dict[int | None, list[tuple[int, int]]] = {}
        for span in spans:
            *place, start, end = span
            if len(place) > 1 or bool(place) != bool(named) or not all(type(number) is int for number in span):
                raise ValueError(span)
            places.setdefault(place[0] if place else None, []).append((start, end))
    except (ValueError, TypeError, RecursionError) as error:
        form = "[text, start, end]" if any(turn.place is not None for turn in turns) else "[start, end]"
        raise RowError(f"skip_spans: found {str(found)[:100]!r}; allowed: a list of {form} in bytes") from error
    for turn in turns:
        for start, end in places.get(turn.place if turn.learnt else -1, ()):
            length = len(turn.text.encode())
            if not 0 <= start <= end <= length:
                raise RowError(f"skip_spans: found [{start}, {end}] in a text of {length} bytes")
    return places
