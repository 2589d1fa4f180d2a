"""Tokens: the same ids as Hugging Face's `tokenizers`, spans, decoding, labels, batches."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tokenizers

import stream_of_search as sos

TABLES = [
    ("compact", False, "whole"),
    ("compact", True, "whole"),
    ("compact", False, "single"),
    ("sudoku", False, "whole"),
    ("sudoku", False, "single"),
    ("prose", False, "whole"),
]
#: Pieces of hostile texts. Each has broken some tokenizer.
PIECES = [
    *("<eos> <bos> <pad> <unk> <eos>> <<eos> <eos <e eos> < > <= <<unk>>".split(" ")),
    *("## # ### ##5 #5 #999 #1000 #05 ##a a## ##wall #é".split(" ")),
    *("0 00 9 10 31 32 99 100 999 1000 12345 0x1f 1e5 -7 3,4 (12, [3, 15) (99, 4]".split(" ")),
    *("wall : start goal unsolvable unsolvables naked-pair answer: r1c12 r16c16 x100 n100 xwall wall: <backtrack>".split(" ")),
    *("wall 3 4|: 0 31|wall 3 32|: 3 4 5|wall 3  4|wall 03 4|: 3 4x|wall 3 4\n|: 1 2<eos>|wall 3 4 : 5|wall\n3 4".split("|")),
    *(
        "é naïve e\u0301 \u0301 日本語 🙂 👩\u200d👩\u200d👧 \ufeff \u00a0 \u2028 \u0085 \u200b \u202e العربية \U0010ffff ﬁ Ⅷ ٣ ３".split(
            " "
        )
    ),
    *"\r\n|\r|\n|\n\n|\t|\0|\x0b|\x0c|\x1b[0m|\x7f|  |   ".split("|"),
    "QQQQQQQ",
    "QQQQQQQQ",
    "QQQQQQQQQ",
]


def hostile(count: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    texts = ["", " ", "\n", *PIECES, "".join(map(chr, range(256))), "Q" * 300, "Q" * 10_001, "1" * 299 + "é", "ü" * 6_000]
    for _ in range(count):
        between = draw.choice([" ", " ", "", "\n", "  "])
        texts.append(between.join(draw.choices(PIECES, k=draw.randint(1, 12))))
    return texts


def hugging_face(tok: sos.Tokenizer) -> tokenizers.Tokenizer:
    return tokenizers.Tokenizer.from_str(tok._core.files()[0])


@pytest.fixture(params=TABLES, ids=lambda table: "-".join(map(str, table)))
def pair(request: pytest.FixtureRequest) -> tuple[sos.Tokenizer, tokenizers.Tokenizer]:
    dialect, cells, digits = request.param
    tok = sos.tokenizer(dialect, cells=cells, digits=digits)
    return tok, hugging_face(tok)


def recipe(dialect: str = "compact", environment: str = "countdown", rows: int = 300, **record: Any) -> dict[str, Any]:
    environments = {
        "countdown": {"name": "countdown", "level": "easy"},
        "maze": {"name": "maze", "width": 6, "height": 6},
        "sudoku": {"name": "sudoku", "level": "easy"},
    }
    return {
        "name": "tokens",
        "seed": 3,
        "dialect": dialect,
        "answer": True,
        "environment": environments[environment],
        "searches": [{"kind": "backtracking" if environment == "sudoku" else "dfs"}],
        "splits": {"train": {"rows": rows}},
        "records": [record or {"kind": "search"}],
    }


def test_ids_spans_and_decoding_are_those_of_tokenizers(pair: tuple[sos.Tokenizer, tokenizers.Tokenizer]) -> None:
    tok, other = pair
    texts = hostile(1_500, 1)
    expected = other.encode_batch(texts)
    batch = tok.encode_batch(texts, threads=3)
    assert len(batch) == len(texts)
    for place, (text, encoding) in enumerate(zip(texts, expected, strict=True)):
        ids, spans = tok.encode_with_spans(text)
        assert ids == encoding.ids, repr(text)
        assert tok.encode(text) == batch[place] == ids
        assert spans == encoding.offsets, repr(text)
        for skip in (False, True):
            assert tok.decode(ids, skip) == other.decode(ids, skip_special_tokens=skip), repr(text)


def test_any_ids_decode_as_tokenizers_does(pair: tuple[sos.Tokenizer, tokenizers.Tokenizer]) -> None:
    tok, other = pair
    draw = random.Random(2)
    for _ in range(300):
        ids = [draw.choice([draw.randrange(8), draw.randrange(tok.vocab_size)]) for _ in range(draw.randrange(20))]
        for skip in (False, True):
            assert tok.decode(ids, skip) == other.decode(ids, skip_special_tokens=skip), ids


@pytest.mark.parametrize(("dialect", "environment"), [("compact", "countdown"), ("compact", "maze"), ("prose", "countdown")])
def test_texts_of_rows_come_back(dialect: str, environment: str) -> None:
    rows = sos.load(recipe(dialect, environment))[:300]
    for tok in (
        sos.tokenizer(dialect),
        sos.tokenizer(dialect, digits="single"),
        *([sos.tokenizer(dialect, cells=True)] if dialect == "compact" else []),
    ):
        other = hugging_face(tok)
        for row in rows:
            text = row["prompt"] + row["completion"]
            ids = tok.encode(text)
            assert ids == other.encode(text).ids
            assert tok.decode(ids) == text
            assert tok.unk_id not in ids
            assert tok.encode(row["prompt"]) + tok.encode(row["completion"]) == ids


@pytest.mark.parametrize(("dialect", "environment"), [("compact", "countdown"), ("compact", "maze"), ("sudoku", "sudoku")])
@pytest.mark.parametrize(
    "record",
    [
        {"kind": "critique"},
        {"kind": "correction", "second": "critique"},
        {"kind": "criteria"},
        {"kind": "comparison"},
        {"kind": "backtrack"},
    ],
    ids=lambda record: record["kind"],
)
def test_words_about_traces_are_tokens(record: dict[str, Any], dialect: str, environment: str) -> None:
    """Critiques, corrections and the like have no unknown word, and hardly a word that must be spelled."""
    tok = sos.tokenizer(dialect)
    tokens, ids = tok.tokens(), []
    for row in sos.load(recipe(dialect, environment, rows=40, **record)):
        for text in [turn["content"] for turn in row["messages"]] if "messages" in row else [row["prompt"], row["completion"]]:
            # The names of cells, which only sentences about moves have, are spelled.
            ids += tok.encode(re.sub(r"\br\d+c\d+\b", "", text) if dialect == "sudoku" else text)
    assert tok.unk_id not in ids
    spelled = sum(tokens[number].startswith("##") and tokens[number][2:].isalpha() for number in ids)
    assert spelled * 200 < len(ids), [tokens[number] for number in ids if tokens[number].startswith("##")][:50]


def test_spans_of_bytes_are_the_characters_that_hold_them() -> None:
    assert sos.tokenizer("prose").encode_with_spans("aé<eos>") == ([101, 199, 173, 3], [(0, 1), (1, 2), (1, 2), (2, 7)])


def test_digits_are_whole_or_single() -> None:
    whole, single = sos.tokenizer("compact"), sos.tokenizer("compact", digits="single")
    text = "12 345 #67 r1c12 8901"
    parts = {tok: [tok.tokens()[number] for number in tok.encode(text)] for tok in (whole, single)}
    assert parts[whole] == ["12", "345", "#67", "r1c12", "890", "##1"]
    assert parts[single] == ["1", "##2", "3", "##4", "##5", "#6", "##7", "r1c12", "8", "##9", "##0", "##1"]
    numbers = [token for token in single.tokens() if token.strip("#(),[]").isdigit()]
    assert max(len(number.strip("#(),[]")) for number in numbers) == 1


def test_transformers_loads_the_same_tokenizer(tmp_path: Path, pair: tuple[sos.Tokenizer, tokenizers.Tokenizer]) -> None:
    transformers = pytest.importorskip("transformers")
    tok, _ = pair
    tok.save(tmp_path)
    texts = hostile(50, 3)
    for other in (transformers.AutoTokenizer.from_pretrained(tmp_path), tok.to_transformers()):
        assert [other(text)["input_ids"] for text in texts] == [tok.encode(text) for text in texts]
        assert (other.pad_token_id, other.unk_token_id, other.bos_token_id, other.eos_token_id) == (0, 1, 2, 3)
        assert (tok.pad_id, tok.unk_id, tok.bos_id, tok.eos_id) == (0, 1, 2, 3)
        assert len(other) == tok.vocab_size == len(tok.tokens()) == len(set(tok.tokens())) < 1 << 16
        assert other.decode(tok.encode("start 1 2\ngoal")) == "start 1 2\ngoal"
    with pytest.raises(sos.FolderError, match="tokenizer.json"):
        tok.save(tmp_path / "tokenizer.json")


def test_the_program_writes_the_same_files(tmp_path: Path) -> None:
    from stream_of_search import _core

    sos.tokenizer("compact", digits="single").save(tmp_path / "a")
    assert _core.main(["sos", "vocabulary", "compact", "--digits", "single", "--out", str(tmp_path / "b")]) == 0
    for name in ("tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_batches_are_views_of_memory() -> None:
    import numpy
    import pyarrow

    tok, texts = sos.tokenizer(), ["start 1", "", "goal é", "#5"]
    batch = tok.encode_batch(iter(texts), threads=8)
    assert (batch.ids.format, batch.offsets.format) == ("H", "q")
    ids, offsets = numpy.asarray(batch.ids), numpy.asarray(batch.offsets)
    assert [list(ids[a:b]) for a, b in zip(offsets, offsets[1:], strict=False)] == [tok.encode(text) for text in texts] == list(batch)
    assert pyarrow.array(batch).to_pylist() == list(batch)
    assert batch[-1] == batch[3] == tok.encode("#5")
    with pytest.raises(IndexError, match="text 4 of 4"):
        batch[4]
    assert len(tok.encode_batch([])) == 0
    assert pyarrow.array(tok.encode_batch([])).to_pylist() == []


def test_wrong_input_is_refused() -> None:
    tok = sos.tokenizer()
    for wrong, says in [
        (lambda: sos.tokenizer("compcat"), "did you mean compact"),
        (lambda: sos.tokenizer("sudoku", cells=True), "only compact"),
        (lambda: sos.tokenizer(digits="two"), "whole, single"),
        (lambda: tok.decode([1, tok.vocab_size]), f"0 to {tok.vocab_size - 1}"),
        (lambda: tok.decode([-1]), "below 0"),
        (lambda: tok.decode([1 << 40]), "below 0"),
        (lambda: tok.encode_batch(["a"], threads=0), "1 or more"),
        (lambda: tok.encode_batch("abc"), "a list of texts"),
    ]:
        with pytest.raises(sos.RequestError, match=says):
            wrong()
    for wrong in (lambda: tok.encode(b"a"), lambda: tok.encode(None), lambda: tok.encode_batch([1])):
        with pytest.raises(TypeError):
            wrong()
    for wrong in (lambda: tok.encode("\ud800"), lambda: tok.encode_batch(["\ud800"])):
        with pytest.raises(UnicodeEncodeError):
            wrong()


def test_a_tokenizer_is_a_value() -> None:
    tok = sos.tokenizer("compact", digits="single")
    again = pickle.loads(pickle.dumps(tok))
    assert again == tok and hash(again) == hash(tok) and tok != sos.tokenizer()
    assert again.encode("12") == tok.encode("12")
    texts = hostile(200, 4)
    alone = [tok.encode(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert all(made == alone for made in pool.map(lambda _: list(tok.encode_batch(texts, threads=2)), range(8)))
    with multiprocessing.get_context("fork").Pool(2) as processes:
        assert processes.map(tok.encode, texts) == alone


def by_hand(tok: sos.Tokenizer, parts: list[tuple[str, list[tuple[int, int]]]]) -> tuple[list[int], list[int]]:
    """Ids and labels from `tokenizers` and a set of bytes: shares nothing with the package but the file."""
    text = "".join(part for part, _ in parts)
    skipped: set[int] = set()
    before = 0
    for part, spans in parts:
        for start, end in spans:
            skipped.update(range(before + start, before + min(end, len(part.encode()))))
        before += len(part.encode())
    encoding = hugging_face(tok).encode(text)
    place = [0]
    for character in text:
        place.append(place[-1] + len(character.encode()))
    labels = [
        -100 if skipped & set(range(place[a], place[b])) else number for number, (a, b) in zip(encoding.ids, encoding.offsets, strict=True)
    ]
    return encoding.ids, labels


ALL = [(0, 1 << 60)]
SLIPS = {"kind": "corrupted", "corruption": {"kinds": [{"kind": "arithmetic-slip"}, {"kind": "illegal-move"}]}}


@pytest.mark.parametrize("digits", ["whole", "single"])
@pytest.mark.parametrize(
    "record", [SLIPS, {"kind": "backtrack"}, {"kind": "critique", "noise_percent": 60}], ids=lambda record: record["kind"]
)
def test_labels_of_completions_are_those_of_bytes(record: dict[str, Any], digits: str) -> None:
    ds, tok = sos.load(recipe(rows=60, **record)), sos.tokenizer(digits=digits)
    some = 0
    for mask in (None, "prompt", "skip_spans"):
        made = ds.tokens(tok, mask=mask)
        for index in range(len(ds)):
            row = ds[index]
            spans = [tuple(span) for span in json.loads(row["skip_spans"])]
            around = [] if mask is None else ALL
            parts = [("<bos>", around), (row["prompt"], around), (row["completion"], spans if mask == "skip_spans" else []), ("<eos>", [])]
            ids, labels = by_hand(tok, parts)
            assert made[index] == {"input_ids": ids, "labels": labels}
            some += bool(spans)
        assert list(made) == [made[index] for index in range(len(ds))] == made[:] == made.__getitems__(range(60))
    assert some > 60


def test_a_wrong_first_answer_is_not_learnt() -> None:
    ds, tok = sos.load(recipe(rows=40, kind="correction")), sos.tokenizer()
    made, whole = ds.tokens(tok, mask="skip_spans"), ds.tokens(tok, mask="prompt")
    for index in range(len(ds)):
        messages = ds[index]["messages"]
        assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant"]
        first, wrong, again, right = (message["content"] for message in messages)
        after = [("\n", ALL)] if not again[-1].isspace() else []
        parts = [("<bos>", ALL), (first, ALL), (wrong, ALL), ("<eos>", ALL), (again, ALL), *after, (right, []), ("<eos>", [])]
        ids, labels = by_hand(tok, parts)
        assert made[index] == {"input_ids": ids, "labels": labels}
        learnt = [label for label in labels if label != -100]
        assert tok.decode(learnt, skip_special_tokens=True).split() == right.split()
        assert sum(label != -100 for label in whole[index]["labels"]) > len(learnt)


def test_rows_with_several_texts() -> None:
    tok = sos.tokenizer()
    steps = sos.load(recipe(rows=5, kind="stepwise"))
    row = steps[1]
    assert steps.tokens(tok)[1]["input_ids"] == [2, *tok.encode(row["prompt"] + "".join(row["completions"])), 3]
    pairs = sos.load(recipe(rows=5, kind="preference"))
    for name in ("chosen", "rejected"):
        assert pairs.tokens(tok, text=name)[1]["input_ids"] == [2, *tok.encode(pairs[1]["prompt"] + pairs[1][name]), 3]
    group = sos.load(recipe(rows=5, kind="group"))
    assert group.tokens(tok, text=3, bos=False)[1]["input_ids"] == [*tok.encode(group[1]["prompt"] + group[1]["completions"][3]), 3]
    for ds, text, says in [
        (pairs, None, "text='chosen'"),
        (group, None, "text=0"),
        (group, 8, "8 `completions`"),
        (pairs, 0, "no `completions`"),
        (steps, "chosen", "allowed in this row: None"),
    ]:
        with pytest.raises(sos.RequestError, match=says):
            ds.tokens(tok, text=text)[0]
    with pytest.raises(sos.RowError, match="no completion to learn|no text to learn"):
        sos.load(recipe(rows=5, kind="rl")).tokens(tok)[0]


def test_spans_of_texts_count_bytes() -> None:
    tok = sos.tokenizer("prose")
    row = {"messages": [{"role": "user", "content": "é"}, {"role": "assistant", "content": "aéb"}], "skip_spans": "[[1,2,3]]"}
    made = sos.TokenRows([row], tok, mask="skip_spans", bos=False)[0]
    # The second byte of é alone is skipped, and the line break that parts the turns.
    assert made["labels"] == [-100, -100, -100, 4 + ord("a"), 4 + 0xC3, -100, 4 + ord("b"), 3]
    assert made["input_ids"] == [4 + 0xC3, 4 + 0xA9, 4 + 10, 4 + ord("a"), 4 + 0xC3, 4 + 0xA9, 4 + ord("b"), 3]
    compact = sos.TokenRows(
        [{"completion": "start 12345 goal", "skip_spans": "[[9,10]]"}], sos.tokenizer(), mask="skip_spans", bos=False, eos=False
    )
    tokens = sos.tokenizer().tokens()
    assert [label if label < 0 else tokens[label] for label in compact[0]["labels"]] == ["start", "123", -100, "##5", "goal"]
    # A span in the middle of a token skips it whole; an empty span skips nothing.
    for spans, skipped in [
        ([[7, 8]], {1}),
        ([[5, 6]], set()),
        ([[4, 7]], {0, 1}),
        ([[6, 6]], set()),
        ([[0, 16]], {0, 1, 2, 3, 4}),
        ([[12, 16], [0, 1], [0, 3]], {0, 4}),
    ]:
        rows = sos.TokenRows(
            [{"completion": "start 12345 goal", "skip_spans": spans}], sos.tokenizer(), mask="skip_spans", bos=False, eos=False
        )
        assert {place for place, label in enumerate(rows[0]["labels"]) if label == -100} == skipped, spans


@pytest.mark.parametrize(
    "spans", ["no json", "[[1]]", "[[0, 99]]", "[[3, 1]]", "[[-1, 2]]", "[[0, 0, 1]]", "[5]", "{}1", "[[0.5, 1]]", '[["a", 1]]', None]
)
def test_wrong_spans_are_refused(spans: Any) -> None:
    with pytest.raises(sos.RowError, match="skip_spans"):
        sos.TokenRows([{"completion": "start", "skip_spans": spans}], sos.tokenizer(), mask="skip_spans")[0]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({}, "no text to learn"),
        ({"completion": 5}, "completion: found int"),
        ({"prompt": None, "completion": "goal"}, "prompt: found NoneType"),
        ({"messages": [{"role": "user"}]}, "role and content"),
        ({"messages": ["goal"]}, "role and content"),
        ({"messages": [{"role": "user", "content": None}]}, "content: found NoneType"),
        ({"prompt": "", "completions": [1], "labels": [True]}, "an item that is no text"),
        ({"completion": "goal", "skip_spans": "[" * 100_000}, "skip_spans"),
        ({"completion": "goal", "skip_spans": [[0, 10**30]]}, "in a text of 4 bytes"),
    ],
)
def test_wrong_rows_are_refused(row: dict[str, Any], says: str) -> None:
    with pytest.raises(sos.RowError, match=says):
        sos.TokenRows([row], sos.tokenizer(), mask="skip_spans" if "skip_spans" in row else "prompt")[0]


def test_views_refuse_what_is_wrong() -> None:
    ds, tok = sos.load(recipe(rows=5)), sos.tokenizer()
    for settings, says in [({"mask": "prompts"}, "skip_spans"), ({"max_length": 0}, "1 or more")]:
        with pytest.raises(sos.RequestError, match=says):
            ds.tokens(tok, **settings)
    with pytest.raises(IndexError):
        ds.tokens(tok)[5]
    cut = ds.tokens(tok, max_length=7)[-1]
    assert len(cut["input_ids"]) == len(cut["labels"]) == 7 and cut["input_ids"] == ds.tokens(tok)[4]["input_ids"][:7]
    with pytest.raises(sos.RowError, match="skip_spans"):
        sos.TokenRows([{"completion": "start"}], tok, mask="skip_spans")[0]


@pytest.mark.parametrize("context", ["fork", "spawn"])
def test_a_data_loader_gets_batches(context: str) -> None:
    torch = pytest.importorskip("torch")
    ds, tok = sos.load(recipe(rows=23, **SLIPS)), sos.tokenizer()
    rows = ds.tokens(tok, mask="skip_spans", max_length=128)
    loader = torch.utils.data.DataLoader(
        rows, 8, collate_fn=sos.collate(tok, pad_to_multiple_of=16), num_workers=2, multiprocessing_context=context
    )
    batches = list(loader)
    assert [len(batch["input_ids"]) for batch in batches] == [8, 8, 7]
    at = 0
    for batch in batches:
        assert {tensor.dtype for tensor in batch.values()} == {torch.int64}
        width = batch["input_ids"].shape[1]
        assert width % 16 == 0
        for ids, labels, mask in zip(batch["input_ids"].tolist(), batch["labels"].tolist(), batch["attention_mask"].tolist(), strict=True):
            row = rows[at]
            length = len(row["input_ids"])
            assert ids == row["input_ids"] + [0] * (width - length)
            assert labels == row["labels"] + [-100] * (width - length)
            assert mask == [1] * length + [0] * (width - length)
            at += 1
    assert at == 23
    assert pickle.loads(pickle.dumps(rows.of))(ds[5]) == rows[5]
    shuffled = ds.iterable(batch_size=8, shuffle=3, transform=ds.tokens(tok).of)
    assert sorted(row["input_ids"] for row in shuffled) == sorted(row["input_ids"] for row in ds.tokens(tok))


def test_the_loss_is_that_of_the_labels() -> None:
    """A model of `transformers` takes the batch as it is, and its loss is over learnt tokens alone."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    tok = sos.tokenizer()
    rows = sos.load(recipe(rows=4, kind="correction")).tokens(tok, mask="skip_spans", max_length=256)
    config = transformers.LlamaConfig(
        vocab_size=tok.vocab_size,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=256,
    )
    torch.manual_seed(0)
    model = transformers.LlamaForCausalLM(config)
    batch = sos.collate(tok)(rows[:])
    with torch.no_grad():
        out = model(**batch)
        each = torch.nn.functional.cross_entropy(out.logits[:, :-1].flatten(0, 1), batch["labels"][:, 1:].flatten(), reduction="none")
    learnt = (batch["labels"][:, 1:] != -100).flatten()
    if learnt.any():
        assert torch.allclose(out.loss, each[learnt].mean(), atol=1e-4)
