"""Each shape in the trainer that it is for: two steps with a tiny random model, in this process, without a network."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import stream_of_search as sos

os.environ["HF_HUB_OFFLINE"] = "1"
trl = pytest.importorskip("trl")

TEMPLATE = "{% for m in messages %}<{{ m['role'] }}>{{ m['content'] }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
ROWS = 8

# Small puzzles, so that texts are short.
RECIPE = {
    "name": "trainers",
    "seed": 1,
    "dialect": "compact",
    "environment": {"name": "countdown", "sizes": {"min": 3, "max": 3}},
    "searches": [{"kind": "bfs"}],
    "splits": {"train": {"rows": ROWS}},
    "records": [{"kind": k} for k in ("optimal", "messages", "correction", "preference", "unpaired", "stepwise", "rl")]
    + [{"kind": "search"}, {"kind": "group", "size": 4}],
}


def rows_of(config: str, shape: str) -> sos.Shaped:
    return sos.load(RECIPE, config=config).shaped(shape)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """Bytes as tokens, with a chat template."""
    import tokenizers
    import transformers

    letters = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: number for number, token in enumerate(["<pad>", "<eos>", *letters])}
    inner = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=vocabulary, merges=[]))
    inner.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = tokenizers.decoders.ByteLevel()
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>")
    fast.chat_template = TEMPLATE
    return fast


def model(tokenizer: Any, classes: int = 0) -> Any:
    import transformers

    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=4096,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        num_labels=classes or 2,
    )
    return (transformers.LlamaForSequenceClassification if classes else transformers.LlamaForCausalLM)(config)


def options(folder: Path, **more: Any) -> dict[str, Any]:
    usual = {"max_steps": 2, "per_device_train_batch_size": 2, "report_to": [], "use_cpu": True, "save_strategy": "no"}
    return {"output_dir": str(folder), "max_length": 3000, "bf16": False, **usual, **more}


def trained(trainer: Any) -> Any:
    trainer.train()
    losses = [entry["train_loss"] for entry in trainer.state.log_history if "train_loss" in entry]
    assert trainer.state.global_step == 2 and len(losses) == 1 and losses[0] == losses[0]
    return trainer


def learned(trainer: Any, tokenizer: Any) -> list[str]:
    """What the loss of each row is about, as text."""
    texts = []
    for row in trainer.train_dataset:
        batch = trainer.data_collator([row])
        labels = batch["labels"][0]
        texts.append(tokenizer.decode([int(token) for token in labels if token >= 0]))
    return texts


@pytest.mark.parametrize("shape", ["lm", "sft", "messages"])
def test_sft_of_traces(shape: str, tokenizer: Any, tmp_path: Path) -> None:
    rows = rows_of("optimal", shape)
    trainer = trl.SFTTrainer(
        model=model(tokenizer),
        args=trl.SFTConfig(**options(tmp_path)),
        train_dataset=rows.to_hf(),
        processing_class=tokenizer,
    )
    trained(trainer)
    for row, text in zip(rows.dataset, learned(trainer, tokenizer), strict=True):
        if shape == "sft":
            assert text == row["completion"] + "<eos>"
        elif shape == "lm":
            assert text == row["prompt"] + row["completion"] + "<eos>"
        else:
            assert row["prompt"] in text and row["completion"] in text


def test_sft_of_a_stream(tokenizer: Any, tmp_path: Path) -> None:
    trainer = trl.SFTTrainer(
        model=model(tokenizer),
        args=trl.SFTConfig(**options(tmp_path)),
        train_dataset=rows_of("optimal", "sft").to_hf(streaming=True),
        processing_class=tokenizer,
    )
    trained(trainer)


@pytest.mark.parametrize("config", ["correction", "messages"])
def test_sft_of_conversations_learns_the_last_turn(config: str, tokenizer: Any, tmp_path: Path) -> None:
    rows = rows_of(config, "sft")
    trainer = trl.SFTTrainer(
        model=model(tokenizer),
        args=trl.SFTConfig(**options(tmp_path)),
        train_dataset=rows.to_hf(),
        processing_class=tokenizer,
    )
    assert learned(trainer, tokenizer) == [row["messages"][-1]["content"] + "<eos>" for row in rows.dataset]
    trained(trainer)


def saved(tokenizer: Any, folder: Path) -> str:
    """The folder of a model, for trainers that load it twice."""
    model(tokenizer).save_pretrained(folder / "model")
    return str(folder / "model")


def test_dpo_and_reward(tokenizer: Any, tmp_path: Path) -> None:
    rows = rows_of("preference", "preference").to_hf()
    dpo = trl.DPOTrainer(
        model=saved(tokenizer, tmp_path),
        args=trl.DPOConfig(**options(tmp_path)),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    trained(dpo)
    reward = trl.RewardTrainer(
        model=model(tokenizer, classes=1),
        args=trl.RewardConfig(**options(tmp_path)),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    trained(reward)


def test_kto(tokenizer: Any, tmp_path: Path) -> None:
    rows = rows_of("unpaired", "unpaired").to_hf()
    assert set(rows["label"]) == {True, False}
    kto = trl.KTOTrainer(
        model=saved(tokenizer, tmp_path),
        args=trl.KTOConfig(**options(tmp_path)),
        train_dataset=rows,
        processing_class=tokenizer,
    )
    trained(kto)


def test_trl_knows_the_shapes(tokenizer: Any) -> None:
    """TRL tells shapes by an arbitrary one of the columns that it knows."""
    from trl.data_utils import is_conversational

    for shape in ("preference", "unpaired", "stepwise"):
        assert not is_conversational(rows_of(shape, shape)[0])
    assert not is_conversational(rows_of("search", "rl")[0])
    rl = rows_of("rl", "rl")[0]
    assert is_conversational(rl) and is_conversational(rows_of("correction", "sft")[0]) and is_conversational(rows_of("correction", "rl")[0])
    prompt = tokenizer.apply_chat_template(rl["prompt"], add_generation_prompt=True, tokenize=False)
    assert prompt.endswith("<assistant>") and rl["prompt"][-1]["content"] in prompt


def test_grpo_of_traces(tmp_path: Path) -> None:
    """A random model solves nothing, so texts are put in the place of its own: of each group the row's own trace, one of another puzzle, and one of its own."""
    rows = rows_of("search", "rl")
    tokens = sos.tokenizer("compact").to_transformers()
    traces = {row["id"]: row["completion"] for row in rows.dataset}
    moved = dict(zip(traces, [*list(traces.values())[1:], next(iter(traces.values()))], strict=True))
    reward, paid = sos.reward(), []

    def solved(prompts: Any, completions: Any, **columns: Any) -> list[float | None]:
        texts = list(completions)
        for place in range(0, len(texts), 4):
            own = columns["id"][place]
            # A trace comes through the tokenizer as it was.
            texts[place] = tokens.decode(tokens(traces[own])["input_ids"], skip_special_tokens=True)
            texts[place + 1] = moved[own]
            texts[place + 2] = prompts[place] + traces[own]
        paid.append(reward(prompts=prompts, completions=texts, **columns))
        return paid[-1]

    trainer = trl.GRPOTrainer(
        model=model(tokens),
        reward_funcs=[solved, sos.reward()],
        args=trl.GRPOConfig(
            output_dir=str(tmp_path),
            max_steps=2,
            per_device_train_batch_size=8,
            num_generations=4,
            max_completion_length=8,
            report_to=[],
            use_cpu=True,
            bf16=False,
            save_strategy="no",
            logging_steps=1,
        ),
        train_dataset=rows.to_hf(),
        processing_class=tokens,
    )
    trainer.train()
    assert trainer.state.global_step == 2
    assert paid == [[1.0, 0.0, 1.0, 0.0] * 2] * 2
    means = [entry["rewards/solved/mean"] for entry in trainer.state.log_history if "rewards/solved/mean" in entry]
    assert len(means) == 2


def test_sft_of_right_rollouts(tokenizer: Any, tmp_path: Path) -> None:
    rollouts = rows_of("group", "rollouts").to_hf()
    assert rollouts.num_rows == 4 * ROWS
    right = rollouts.filter(lambda row: row["reward"] == 1.0)
    trainer = trl.SFTTrainer(
        model=model(tokenizer),
        args=trl.SFTConfig(**options(tmp_path, max_length=8000)),
        train_dataset=right,
        processing_class=tokenizer,
    )
    assert 0 < right.num_rows < rollouts.num_rows
    assert learned(trainer, tokenizer) == [text + "<eos>" for text in right["completion"]]
    trained(trainer)
