"""Texts that a trained decoder wrote itself: the rows of a later arm, or the candidates in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..datasets import Dataset, load
from ..scoring import score_many
from .evaluation import Asker, solves
from .experiment import Arm, Own
from .model import Decoder

#: The rules of `sos select`, by name: what stands behind `roc` on its command line.
RULES: Mapping[str, Sequence[str]] = {
    "roc": (),
    "roc-soft": ("--soft",),
    "uniform": ("--control", "uniform"),
    "inverted": ("--control", "inverted"),
}


def written(model: Decoder, rows: Dataset, own: Own, asker: Asker, seed: int, file: Path, most: int | None = None) -> list[dict[str, Any]]:
    """Texts for the first puzzles of a config, drawn at temperature 1: rows with the model's text as `completion`. They are kept in a file, for a call that goes on later.

    most: texts of more words are left out, and those that a prompt cannot have in it.
    """
    if not file.exists():
        told = rows[: own.puzzles]
        prompts = [asker.prompt(row) for row in told]
        names = ("id", "env", "puzzle", "dialect", "prompt", "answer_right")
        found = []
        for draw in range(own.each):
            texts, _ = asker.ask(model, prompts, 1.0, seed * own.each + draw)
            fits = [most is None or len(text.split()) <= most and _is_told(asker, text) for text in texts]
            found.append([{name: row[name] for name in names} | {"completion": text} if fit else None for row, text, fit in zip(told, texts, fits, strict=True)])
        # Another run may write the same file at this moment.
        part = file.with_suffix(f".{os.getpid()}.part")
        # Texts of one puzzle stand together.
        part.write_text("".join(json.dumps(row) + "\n" for group in zip(*found, strict=True) for row in group if row), encoding="utf-8")
        os.replace(part, file)
    return _rows(file.read_text(encoding="utf-8"))


def _is_told(asker: Asker, text: str) -> bool:
    """Whether a text has only words that an arm was shown."""
    try:
        asker.numbers([text])
    except ValueError:
        return False
    return True


def chosen(file: Path, rule: str, each: int, seed: int) -> list[dict[str, Any]]:
    """Those of the texts in a file that a rule of `sos select` keeps and that solve their puzzle."""
    command = [sys.executable, "-m", "stream_of_search", "select", "roc", str(file), *RULES[rule], "--keep", str(each // 2), "--seed", str(seed), "--threads", "1", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    kept = [row for row in _rows(done.stdout) if row["kept"]]
    scores = score_many([row["prompt"] + row["completion"] for row in kept], kept, read="trace", threads=1)
    return [{"prompt": row["prompt"], "completion": row["completion"]} for row, one in zip(kept, scores, strict=True) if solves(row, one)]


def with_candidates(recipe: Mapping[str, Any], config: str, file: Path) -> dict[str, Any]:
    """The recipe with the texts of a file as the candidates of a record config."""
    records = []
    for record in recipe["records"]:
        if record.get("name", record["kind"]) == config:
            record = {**record, "candidates": {**record.get("candidates", {}), "file": str(file.resolve())}}
        records.append(record)
    return {**recipe, "records": records}


def rows_of(recipe: Mapping[str, Any], arm: Arm, own: Own, file: Path, seed: int) -> tuple[Dataset, list[dict[str, Any]] | None]:
    """The training rows of an arm that learns from own texts: a dataset, and the rows to learn in its place where a rule has chosen them."""
    if own.use == "candidates":
        return load(with_candidates(recipe, arm.config, file), arm.config, count=own.puzzles), None
    rows = chosen(file, own.use, own.each, seed)
    if not rows:
        raise ValueError(f"the arm {arm.name}: no text of the model before it solves its puzzle")
    return load(recipe, arm.config), rows


def _rows(lines: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.splitlines()]
