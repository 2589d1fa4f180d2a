"""Verdicts and traces as HTML for notebooks: plain elements in the colours of the page, so that light and dark themes work."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .checking import Error, Span, Verdict
    from .tracing import Node, Trace

MOST_CHARACTERS = 6000
MOST_ERRORS = 50
MOST_NODES = 300
MOST_STATE = 160
DEEPEST = 30

# One red that stands out from white and from black: its contrast is 3.5 or more, where signs need 3.
_WAVE = "text-decoration:underline wavy #e05252;text-decoration-skip-ink:none;text-underline-offset:0.2em"
_TEXT = "white-space:pre-wrap;overflow-wrap:anywhere;margin:0.5em 0"

# Characters that would not be seen, or that would move the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def shown(text: str) -> str:
    """A text for HTML. Characters that would not be seen are written as their codes."""

    def seen(match: re.Match[str]) -> str:
        code = ord(match[0])
        return chr(0x2400 + code) if code < 0x20 else f"\\u{code:04x}"

    return html.escape(_UNSEEN.sub(seen, text))


def verdict(verdict: Verdict) -> str:
    """A verdict: what it says, the text with its errors underlined, and a list of them."""
    listed = verdict.errors[:MOST_ERRORS]
    first = next((error.span for error in listed if error.span), None)
    inside = window(len(verdict.text), first or (verdict.taken.span if verdict.taken else (0, 0)))
    parts = [f'<div role="region" aria-label="verdict"><div>{_summary(verdict)}</div>']
    parts.append(f'<pre style="{_TEXT}">{underlined(verdict.text, listed, inside)}</pre>')
    if listed:
        parts.append("<ol>" + "".join(f"<li>{shown(str(error))}{_place(error.span)}</li>" for error in listed) + "</ol>")
    if len(verdict.errors) > len(listed):
        parts.append(f"<div>{len(verdict.errors) - len(listed):,} more errors are not listed.</div>")
    return "".join([*parts, "</div>"])


def _summary(verdict: Verdict) -> str:
    words = ["solved" if verdict.solved else "not solved"]
    if verdict.optimal is not None:
        words.append("optimal" if verdict.optimal else "not optimal")
    if verdict.cost is not None:
        words.append(f"cost {verdict.cost}")
    errors = len(verdict.errors)
    words.append(f"{errors:,} error{'' if errors == 1 else 's'}" if errors else "no errors")
    words.append(f"reward {verdict.reward:g}")
    if verdict.taken:
        words.append(f"answer taken: {shown(_short(verdict.taken.text))}")
    return f"<strong>{words[0]}</strong>, {', '.join(words[1:])}"


def _place(span: Span | None) -> str:
    return f" (characters {span[0]:,} to {span[1]:,})" if span else ""


def window(length: int, around: Span) -> Span:
    """The part of a long text that is shown."""
    start = max(0, min(around[0] - MOST_CHARACTERS // 4, length - MOST_CHARACTERS))
    return start, min(length, start + MOST_CHARACTERS)


def underlined(text: str, errors: Sequence[Error], inside: Span) -> str:
    """A part of a text. Each error is underlined and has its number in the list behind it."""
    start, end = inside
    spans = [(number, *_within(error.span, inside)) for number, error in enumerate(errors, 1) if _meets(error.span, inside)]
    cuts = sorted({start, end, *(place for _, first, last in spans for place in (first, last))})
    parts = [_left_out(start, "before")]
    for here, there in zip(cuts, [*cuts[1:], end]):
        parts += [_number(number, errors[number - 1]) for number, _, last in spans if last == here]
        if here == there:
            continue
        piece = shown(text[here:there])
        wrong = any(first <= here and there <= last for _, first, last in spans)
        parts.append(f'<span style="{_WAVE}">{piece}</span>' if wrong else piece)
    return "".join([*parts, _left_out(len(text) - end, "behind")])


def _within(span: Span | None, inside: Span) -> Span:
    first, last = span or (0, 0)
    return max(first, inside[0]), min(last, inside[1])


def _meets(span: Span | None, inside: Span) -> bool:
    return span is not None and span[0] <= inside[1] and span[1] >= inside[0]


def _number(number: int, error: Error) -> str:
    return f'<sup title="{shown(str(error))}" aria-label="error {number}">{number}</sup>'


def _left_out(characters: int, where: str) -> str:
    return f"<em>[{characters:,} characters {where} this are left out]</em>" if characters > 0 else ""


def _short(text: str, most: int = MOST_STATE) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def trace(trace: Trace) -> str:
    """A trace: what came of it, its tree as an indented list, and its text."""
    counts = ", ".join(f"{shown(str(name))} {count:,}" for name, count in trace.metrics.items())
    cost = "" if trace.cost is None else f", cost {trace.cost}"
    text = shown(trace.text[:MOST_CHARACTERS]) + _left_out(len(trace.text) - MOST_CHARACTERS, "behind")
    return (
        f'<div role="region" aria-label="trace"><div><strong>{shown(trace.outcome)}</strong>{cost}; {counts}</div>'
        f'<pre style="{_TEXT}">{shown(_short(trace.prompt, MOST_CHARACTERS))}</pre>{tree(trace.tree)}'
        f'<details><summary>text in {shown(trace.dialect)}</summary><pre style="{_TEXT}">{text}</pre></details></div>'
    )


def tree(nodes: Sequence[Node]) -> str:
    """The first nodes of a tree as an indented list, each node above its children."""
    listed = nodes[:MOST_NODES]
    lines = "".join(_line(node) for node in _downwards(listed))
    more = len(nodes) - len(listed)
    left = f"<div><em>{more:,} of {len(nodes):,} nodes are left out: those that the text tells last</em></div>" if more else ""
    return f'<ul role="tree" style="list-style:none;padding:0;margin:0.5em 0;font-family:monospace">{lines}</ul>{left}'


def _line(node: Node) -> str:
    move = f"{shown(_short(node.move))} → " if node.move is not None else ""
    marks = f" <strong>{', '.join(node.marks)}</strong>" if node.marks else ""
    visits = f" <small>visit {', '.join(str(visit) for visit in node.visits[:8])}{' …' if len(node.visits) > 8 else ''}</small>"
    indent = f"padding-left:{1.5 * min(node.depth, DEEPEST):g}em"
    state = shown(_short(node.state))
    return (
        f'<li role="treeitem" aria-level="{node.depth + 1}" style="{indent};white-space:pre-wrap">'
        f"<small>{node.id}</small> {move}{state}{marks}{visits if node.visits else ''}</li>"
    )


def _downwards(nodes: Sequence[Node]) -> Iterable[Node]:
    """The nodes, each followed by what stands below it."""
    children: dict[int | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children.get(node.id, [])))
