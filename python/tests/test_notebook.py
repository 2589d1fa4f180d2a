"""The notebook runs from top to bottom, its model learns, and what is committed of it is what it prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbclient
import nbformat

NOTEBOOK = Path(__file__).parent.parent / "docs" / "first-model.ipynb"


def _printed(book: Any) -> str:
    return "".join(output.get("text", "") for cell in book.cells for output in cell.get("outputs", ()))


def _solved(book: Any) -> int:
    return int(re.search(r"solved (\d+)%", _printed(book))[1])  # type: ignore[index]


def test_the_notebook_trains_a_model() -> None:
    kept, book = (nbformat.read(NOTEBOOK, as_version=4) for _ in range(2))
    nbclient.NotebookClient(book, timeout=1200, kernel_name="python3").execute()
    # Another processor adds in another order, so that losses differ there.
    assert _solved(book) >= 85
    assert abs(_solved(book) - _solved(kept)) <= 12
    # Rows are the same everywhere.
    assert _printed(book).split("step", 1)[0] == _printed(kept).split("step", 1)[0]
    outputs = [output for cell in book.cells for output in cell.get("outputs", ())]
    # The search, the curve and the wrong answer are shown as pictures.
    kinds = [set(output.get("data", ())) for output in outputs]
    assert sum("text/html" in kind for kind in kinds) == 2 and sum("image/png" in kind for kind in kinds) == 1
