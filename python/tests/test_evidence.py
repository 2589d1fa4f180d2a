"""The page of evidence says what the committed lines of results say."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from stream_of_search.experiments import figures, report
from stream_of_search.experiments.measures import NUMBERS

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_page_agrees_with_the_results() -> None:
    page = DOCS / "evidence.md"
    assert page.read_text(encoding="utf-8") == report.text_of(DOCS / "evidence", page)


def test_each_plot_is_there() -> None:
    for folder in (DOCS / "evidence").glob("*/*"):
        assert (folder / "curves.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_the_page_of_figures_has_the_same_numbers(tmp_path: Path) -> None:
    figures.write(DOCS / "evidence", tmp_path / "page.json")
    data = json.loads((tmp_path / "page.json").read_text(encoding="utf-8"))
    assert data["about"]["kind"] == "evidence" and data["rows"] == []
    page, cells = (DOCS / "evidence.md").read_text(encoding="utf-8"), 0
    for experiment in data["stats"]["experiments"]:
        _, behind = page.split(f"## {experiment['name']} ({experiment['scale']})\n")
        section = behind.split("\n## ")[0]
        assert experiment["says"] == " ".join(experiment["says"].split()) and experiment["cost"] in section
        for reading in experiment["readings"]:
            found = "" if reading["found"] is None else _told(reading["found"])
            assert f"| {reading['says']} | {reading['bounds']} | {found} | " in section
            assert reading["word"] in section
        for curve in experiment["curves"]:
            last = max(curve["points"], key=lambda point: point["tokens"])
            row = next(line for line in section.splitlines() if line.startswith(f"| {curve['arm']} | equal tokens"))
            if curve["measure"] not in NUMBERS:
                assert _told(last["mean"]) in row, (experiment["name"], curve["measure"], curve["pack"])
                cells += 1
    assert cells > 10


def _told(mean: dict[str, float]) -> str:
    return f"{100 * mean['mean']:.0f} [{100 * mean['low']:.0f}, {100 * mean['high']:.0f}]"


def test_the_page_of_figures_is_one_file(tmp_path: Path) -> None:
    shutil.copytree(DOCS / "evidence" / "first" / "path-star", tmp_path / "first" / "path-star")
    path = figures.write(tmp_path, tmp_path / "new" / "page.html")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and '"kind":"evidence"' in text
