"""Loads what `sos vocabulary` writes with transformers' AutoTokenizer, and reads rows with it.

    python3 tests/python/load_vocabulary.py PROGRAM

Needs `pip install transformers`. For every table: no token of a row is unknown, decoding gives the text back, and in `compact` there is one token for each
word, which is what the column `tokens` counts, and one for each end of a line.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

from transformers import AutoTokenizer  # noqa: E402

PROGRAM = sys.argv[1]

# The dialect, whether cells are merged, and recipes whose rows are read.
TABLES = [
    (
        "compact",
        False,
        ["countdown", "water-jugs", "blocksworld", "knights-knaves", "word-ladder", "pocket-cube", "river-crossing", "zebra", "path-star"]
        + ["experiments/1-critique-maze", "experiments/6-correction-countdown", "experiments/7-comparison-maze"],
    ),
    ("compact", True, ["water-jugs", "experiments/8-swapped-maze"]),
    ("sudoku", False, ["sudoku", "experiments/1-critique-sudoku", "experiments/6-correction-sudoku"]),
    ("stream-of-search", False, ["countdown"]),
]
PARTS = ["prompt", "completion", "answer"]


def sos(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def rows(recipe, dialect, folder):
    """Some rows of every config of a recipe, in a dialect."""
    with open(f"recipes/{recipe}.toml") as file:
        text = re.sub(r'(?m)^dialect = .*$', f'dialect = "{dialect}"', file.read())
    path = os.path.join(folder, "recipe.toml")
    with open(path, "w") as file:
        file.write(text)
    for record in tomllib.loads(text)["records"]:
        for index in range(4):
            name = record.get("name", record["kind"])
            yield json.loads(sos("sample", path, "--config", name, "--index", str(index)))


def read(tokenizer, dialect, cells, row):
    for part in PARTS:
        text = row.get(part) or ""
        ids = tokenizer(text)["input_ids"]
        place = f"{dialect} {row['record']} {row['index']} {part}"
        assert tokenizer.unk_token_id not in ids, f"{place}: an unknown token in {text[:200]!r}"
        back = tokenizer.decode(ids)
        assert back == text.strip(" "), f"{place}: {text[:300]!r} becomes {back[:300]!r}"
    if dialect == "compact" and not cells and row.get("tokens") is not None and row["record"] in ("search", "optimal"):
        text = row["prompt"] + row["completion"]
        assert len(tokenizer(text)["input_ids"]) == row["tokens"] + text.count("\n"), row["id"]


def main():
    for dialect, cells, recipes in TABLES:
        with tempfile.TemporaryDirectory() as folder:
            sos("vocabulary", dialect, "--out", folder, *(["--cells"] if cells else []))
            tokenizer = AutoTokenizer.from_pretrained(folder)
            count = 0
            for recipe in recipes:
                for row in rows(recipe, dialect, folder):
                    read(tokenizer, dialect, cells, row)
                    count += 1
        special = [tokenizer.pad_token_id, tokenizer.unk_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id]
        assert special == [0, 1, 2, 3], special
        assert count > 0, f"no row in {dialect}"
        print(f"{dialect}{' --cells' if cells else ''}: {len(tokenizer)} tokens, {count} rows read back")
        if cells:
            words = tokenizer.tokenize("right : 3 4 #1 wall 31 0 : 3 4 5 wall 32 0")
            assert words == ["right", ": 3 4", "#1", "wall 31 0", ":", "3", "4", "5", "wall", "32", "0"], words
        if dialect == "compact":
            assert tokenizer.decode(tokenizer("Zoe says Qux_9 #1 12:")["input_ids"]) == "Zoe says Qux_9 #1 12:"


main()
