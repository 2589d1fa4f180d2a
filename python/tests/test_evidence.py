"""The page of evidence says what the committed lines of results say."""

from __future__ import annotations

from pathlib import Path

from stream_of_search.experiments import report

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_page_agrees_with_the_results() -> None:
    page = DOCS / "evidence.md"
    assert page.read_text(encoding="utf-8") == report.text_of(DOCS / "evidence", page)


def test_each_plot_is_there() -> None:
    for folder in (DOCS / "evidence").glob("*/*"):
        assert (folder / "curves.svg").read_text(encoding="utf-8").startswith("<?xml")
