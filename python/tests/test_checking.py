"""Verdicts: places in characters, rows of datasets, and the picture in a notebook."""

from __future__ import annotations

import pickle
from html.parser import HTMLParser

import pytest

import stream_of_search as sos

PUZZLE = sos.Puzzle("countdown", {"numbers": [3, 5, 7], "target": 22})
WRONG = "3 * 5 = 16 : 7 16 > #1 7 + 16 = 23 : 23 dead"


def test_a_verdict_has_what_the_program_says() -> None:
    verdict = sos.check(PUZZLE, WRONG)
    assert (verdict.parsed, verdict.solved, verdict.valid, verdict.reward, verdict.optimal) == (True, False, False, 0.0, None)
    first = verdict.first_error
    assert first is not None and (first.error, first.level) == ("arithmetic", "transition")
    assert (first.found, first.expected) == ("3*5=16", "3*5=15") and WRONG[slice(*first.span)] == "3 * 5 = 16"
    assert verdict.errors[0] == first and verdict.json["first_error"]["class"] == "arithmetic"
    assert verdict.metrics["nodes"] == 3 and verdict.taken is None
    right = sos.check(PUZZLE, "So <answer>3*5+7</answer>.", read="answer")
    assert right.solved and right.optimal and right.cost == 2 and right.errors == () and right.first_error is None
    assert right.taken == sos.Taken("answer-tag", (11, 16), "3*5+7")
    assert pickle.loads(pickle.dumps(right)) == right


@pytest.mark.parametrize("before", ["", "é", "日本語", "😀😀", "\ud800", "\udfff\ud800x", "e\u0301 \U0001f468\u200d\U0001f469", "\x00"])
def test_spans_count_characters(before: str) -> None:
    text = f"{before} <answer>3*5*7</answer> {before}"
    verdict = sos.check(PUZZLE, text, read="answer")
    assert len(verdict.text) == len(text)
    start = text.index("3*5*7")
    assert verdict.taken is not None and verdict.taken.span == (start, start + 5)
    assert verdict.first_error is not None and verdict.first_error.span == (start, start + 5)
    assert verdict.json["taken"]["span"][0] == len(text[:start].encode("utf-8", "surrogatepass"))


def test_spans_of_many_errors_lie_where_the_bytes_do() -> None:
    row = sos.load("countdown")[0]
    text = row["prompt"] + row["completion"].replace("Resulting", "Resülting").replace("42", "43")
    verdict = sos.check(row, text, row["dialect"])
    data = text.encode()
    assert len(verdict.errors) > 10
    for error, raw in zip(verdict.errors, verdict.json["errors"]):
        if error.span:
            assert text[slice(*error.span)] == data[slice(*raw["span"])].decode()


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "(" * 300_000, "> " * 30_000, "\n" * 100_000, "<answer>" * 50_000, "3 * 5 = 15 : 7 15 " * 20_000, "日" * 300_000]
)
@pytest.mark.parametrize("read", ["trace", "answer", "auto"])
def test_no_text_raises(text: str, read: str) -> None:
    verdict = sos.check(PUZZLE, text, read=read)
    assert not verdict.solved and verdict.reward == 0.0
    assert len(verdict._repr_html_()) < 100_000


def test_levels_searches_and_other_options() -> None:
    trace = sos.trace(PUZZLE, "dfs")
    assert sos.check(PUZZLE, trace.text, level="policy", search="dfs").valid
    swapped = sos.trace(PUZZLE, {"kind": "bfs"})
    assert not sos.check(PUZZLE, swapped.text, level="policy", search={"kind": "dfs"}).valid
    assert sos.check(PUZZLE, swapped.text).valid
    assert [error.error for error in sos.check(PUZZLE, trace.text, answer=True).errors] == ["no-answer"]
    assert sos.check(PUZZLE, WRONG, level="format").valid
    assert sos.check(PUZZLE, f"<think> {trace.text} </think>").valid
    assert not sos.check(PUZZLE, f"<think> {trace.text} </think>", exact=True).valid
    assert sos.check({"env": "countdown", "puzzle": PUZZLE.json}, trace.text).valid
    old = sos.trace(PUZZLE, "dfs", "stream-of-search")
    assert "compat" in sos.check(PUZZLE, old.text, "stream-of-search", compat="stream-of-search").json


def test_wrong_calls() -> None:
    for call, words in [
        (lambda: sos.check(PUZZLE, 3), "text: found int"),
        (lambda: sos.check(PUZZLE, None), "text: found NoneType"),
        (lambda: sos.check(PUZZLE, "a", "compat"), "did you mean .compact."),
        (lambda: sos.check(PUZZLE, "a", read="x"), "read"),
        (lambda: sos.check(PUZZLE, "a", level="x"), "level"),
        (lambda: sos.check(PUZZLE, "a", level="policy"), "search: missing"),
        (lambda: sos.check(PUZZLE, "a", level="policy", search="dfss"), "dfs"),
        (lambda: sos.check({"env": "x", "puzzle": {}}, "a"), "env: found .x."),
        (lambda: sos.check_row("x"), "row: found str"),
        (lambda: sos.check_row({"env": "countdown", "puzzle": PUZZLE.json, "dialect": "compact"}), "text: missing"),
        (lambda: sos.trace(PUZZLE, "dfss"), "did you mean .dfs."),
        (lambda: sos.tree(PUZZLE, "a", "x"), "dialect: found .x."),
    ]:
        with pytest.raises(sos.RequestError, match=words):
            call()


def test_rows_of_datasets() -> None:
    for recipe in ("countdown", "maze", "rl-countdown", "1-critique-countdown", "7-comparison-countdown", "6-correction-maze", "4-groups-sudoku"):
        for row in sos.load(recipe)[:3]:
            told = sos.check_row(row)
            assert told.good and told.problems == (), (recipe, told)
    row = sos.load("countdown")[0]
    assert row["prompt"] + row["completion"] == sos.check_row(row).verdict.text
    # A label that is wrong, and a text that is.
    assert sos.check_row(row | {"solved": not row["solved"]}).problems
    middle = len(row["completion"]) // 2
    assert not sos.check_row(row | {"completion": "é" + row["completion"][:middle]}).good
    answered = sos.check_row(sos.load("rl-countdown")[0] | {"completion": "no"})
    assert answered.verdict is not None and not answered.verdict.solved


class Reader(HTMLParser):
    """The visible text of the first `pre`, its underlined parts, and whether all tags are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.wrong, self.tags = "", [], set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append((tag, dict(attrs)))
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        names = [tag for tag, _ in self.open]
        if "pre" in names and "sup" not in names and "em" not in names:
            self.text += data
            if "wavy" in (self.open[-1][1].get("style") or ""):
                self.wrong.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_the_picture_of_a_verdict() -> None:
    seen = read(sos.check(PUZZLE, WRONG)._repr_html_())
    assert seen.text == WRONG and seen.wrong[0] == "3 * 5 = 16"
    assert "3*5=15" in sos.check(PUZZLE, WRONG)._repr_html_()
    assert read(sos.check(PUZZLE, "3*5+7", read="answer")._repr_html_()).wrong == []


def test_the_picture_escapes_what_a_model_wrote() -> None:
    evil = "<script>alert(1)</script> <img src=x onerror=alert(1)> & \" ' \u202e\u2066 \ud800\x1b[31m <answer>\"><script>x</script></answer>"
    for verdict in (sos.check(PUZZLE, evil), sos.check(PUZZLE, evil, read="answer")):
        html = verdict._repr_html_()
        seen = read(html)
        assert seen.tags <= {"div", "strong", "pre", "span", "sup", "ol", "li", "em"}
        assert "\u202e" not in html and "\x1b" not in html
        html.encode("utf-8")


def test_overlapping_and_empty_spans_keep_the_text() -> None:
    from stream_of_search._html import underlined
    from stream_of_search.checking import Error

    spans = [(0, 4), (2, 6), (2, 2), (6, 10), (10, 10), (3, 5), None, (20, 30)]
    errors = [Error("x", "format", 0, span, "", "") for span in spans]
    seen = read(f"<pre>{underlined('0123456789', errors, (0, 10))}</pre>")
    assert seen.text == "0123456789" and "".join(seen.wrong) == "0123456789"
    seen = read(f"<pre>{underlined('0123456789', errors[:1], (3, 7))}</pre>")
    assert seen.text == "3456" and seen.wrong == ["3"]


def test_the_picture_of_a_long_text_shows_its_first_error() -> None:
    long = "é" * 100_000 + " <answer>3*5*7</answer> " + "x" * 100_000
    html = sos.check(PUZZLE, long, read="answer")._repr_html_()
    assert read(html).wrong == ["3*5*7"] and len(html) < 40_000 and "characters before this are left out" in html
