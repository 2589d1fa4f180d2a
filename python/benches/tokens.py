"""Tokens a second of one core: the encoder, Hugging Face's `tokenizers`, and a Python dict over split words.

    python python/benches/tokens.py [ROWS]

Build the package with optimisation first. All three read the same texts and give the same number of tokens, up to ends of lines for the dict.
"""

from __future__ import annotations

import os

# Before the library makes its threads.
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import sys
import time
from collections.abc import Callable

import tokenizers

import stream_of_search as sos


def seconds(work: Callable[[], object], times: int) -> float:
    """Processor time of the quickest of some runs."""
    best = float("inf")
    for _ in range(times):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000
    recipe = {
        "name": "bench",
        "seed": 1,
        "dialect": "compact",
        "environment": {"name": "countdown", "level": "easy"},
        "searches": [{"kind": "dfs"}],
        "splits": {"train": {"rows": rows}},
        "records": [{"kind": "search"}],
    }
    texts = [row["prompt"] + row["completion"] for row in sos.load(recipe)]
    tok = sos.tokenizer("compact")
    other = tokenizers.Tokenizer.from_str(tok._core.files()[0])
    table = {token: number for number, token in enumerate(tok.tokens())}
    count = len(tok.encode_batch(texts).ids)
    size = sum(map(len, texts))
    print(f"{len(texts):,} texts, {size:,} bytes, {count:,} tokens")

    def with_dict() -> None:
        for text in texts:
            [table.get(word, 1) for word in text.split()]

    ways: list[tuple[str, Callable[[], object], int]] = [
        ("encode_batch, one thread", lambda: tok.encode_batch(texts, threads=1), 20),
        ("encode, lists of Python", lambda: [tok.encode(text) for text in texts], 10),
        ("tokenizers, encode_batch_fast", lambda: other.encode_batch_fast(texts), 2),
        ("a Python dict", with_dict, 5),
    ]
    base = None
    for name, work, times in ways:
        rate = count / seconds(work, times)
        base = base or rate
        print(f"{name:32} {rate / 1e6:8.1f} million tokens/s   1/{base / rate:.1f}")


if __name__ == "__main__":
    main()
