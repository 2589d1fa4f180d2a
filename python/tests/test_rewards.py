"""Rewards in the trainers that use them."""

from __future__ import annotations

import importlib.util
import json
import pickle
from pathlib import Path

import pytest

import stream_of_search as sos
from stream_of_search import verl


def rows(count: int = 4) -> list[dict]:
    return sos.load("rl-countdown")[:count]


def columns(given: list[dict]) -> dict[str, list]:
    return {name: [row[name] for row in given] for name in given[0] if name != "prompt"}


def test_texts_and_chats_are_paid_alike() -> None:
    given = rows()
    texts = [given[0]["answer"], given[0]["answer"], "no idea", f"<answer>{given[3]['answer']}"]
    expected = [1.0, 0.0, 0.0, 1.0]
    reward = sos.reward()
    assert reward(prompts=["p"] * 4, completions=texts, completion_ids=[[1]] * 4, trainer_state=None, **columns(given)) == expected
    chats = [[{"role": "assistant", "content": text}] for text in texts]
    assert reward(prompts=[row["prompt"] for row in given], completions=chats, **columns(given)) == expected
    assert pickle.loads(pickle.dumps(reward))(completions=texts, **columns(given)) == expected
    # Only what the assistant says last is paid.
    tools = [[{"role": "assistant", "content": texts[0]}, {"role": "tool", "content": texts[0]}, {"role": "assistant", "content": None}]]
    assert reward(completions=tools, **columns(given[:1])) == [0.0]
    parts = [[{"role": "assistant", "content": [{"type": "text", "text": texts[0]}]}]]
    assert reward(completions=parts, **columns(given[:1])) == [1.0]
    assert reward(completions=[[], None, [{"role": "user", "content": texts[2]}], "x"], **columns(given)) == [0.0] * 4


def test_rows_of_other_tasks_have_no_reward() -> None:
    given = rows(2)
    mixed = {"env": [given[0]["env"], None], "puzzle": [given[0]["puzzle"], None], "read": ["answer", None], "answer": ["", "4"]}
    assert sos.reward()(completions=[given[0]["answer"]] * 2, **mixed) == [1.0, None]
    truths = {"reward_model": [given[0]["reward_model"], {"style": "rule", "ground_truth": ""}]}
    assert sos.reward()(completions=[given[0]["answer"]] * 2, **truths) == [1.0, None]
    with pytest.raises(sos.RequestError, match="env"):
        sos.reward()(completions=["x"], answer=["4"])
    with pytest.raises(sos.RequestError, match="row 0"):
        sos.reward()(completions=["x"], env=["countdown"], puzzle=["{}"])


def test_shapes_and_traces() -> None:
    given = sos.load("countdown", config="search")[:3]
    half = sos.reward(shape=lambda score: 0.5 * score.reward - score.penalty)
    assert half.__name__ == "lambda" and sos.reward().__name__ == "solved"
    texts = [row["completion"] for row in given]
    paid = sos.reward("trace")(completions=texts, **columns(given))
    assert paid == [float(row["solved"]) for row in given]
    assert half(completions=["x"] * 3, **columns(given)) == [-2.0] * 3


def test_verl() -> None:
    given = rows(2)
    truth = given[0]["reward_model"]["ground_truth"]
    right = verl.compute_score("countdown", given[0]["answer"], truth, {"index": 0})
    wrong = verl.compute_score(data_source="countdown", solution_str="\ud800", ground_truth=truth, extra_info=None, num_turns=3)
    assert right == {"score": 1.0, "solved": 1.0, "valid": 1.0, "optimal": 1.0} and wrong["score"] == 0.0
    assert right.keys() == wrong.keys() and all(type(value) is float for value in [*right.values(), *wrong.values()])
    assert verl.compute_score("countdown", given[0]["answer"], given[1]["reward_model"]["ground_truth"])["score"] == 0.0
    assert pickle.loads(pickle.dumps(verl.compute_score)) is verl.compute_score
    for truth in ("", "4", "[]", "{}", None, '{"env":"x","puzzle":{}}'):
        with pytest.raises(sos.RequestError):
            verl.compute_score("x", "y", truth)
    # verl imports the file by its path.
    spec = importlib.util.spec_from_file_location("custom_module", verl.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.compute_score("countdown", given[0]["answer"], given[0]["reward_model"]["ground_truth"]) == right


def test_trl_trains_with_the_reward(tmp_path: Path) -> None:
    torch, trl, datasets = pytest.importorskip("torch"), pytest.importorskip("trl"), pytest.importorskip("datasets")
    from transformers import LlamaConfig, LlamaForCausalLM

    tokens = tokenizer()
    torch.manual_seed(0)
    small = dict(hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, max_position_embeddings=2048)
    model = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokens), pad_token_id=0, bos_token_id=1, eos_token_id=1, **small))
    paid: list[list[float | None]] = []
    reward = sos.reward()

    def solved(prompts, completions, **given):  # type: ignore[no-untyped-def]
        # A random model solves nothing, so the first completion of each group becomes the answer of its row.
        for place in range(0, len(completions), 2):
            completions[place][0]["content"] = given["answer"][place]
        paid.append(reward(prompts=prompts, completions=completions, **given))
        return paid[-1]

    settings = dict(
        output_dir=str(tmp_path),
        max_steps=2,
        per_device_train_batch_size=4,
        num_generations=2,
        max_completion_length=8,
        report_to=[],
        use_cpu=True,
        save_strategy="no",
        logging_steps=1,
        beta=0.0,
        disable_tqdm=True,
    )
    given = datasets.Dataset.from_list(rows(4))
    for trainer, config in [(trl.GRPOTrainer, trl.GRPOConfig), (trl.RLOOTrainer, trl.RLOOConfig)]:
        paid.clear()
        run = trainer(model, [solved, sos.reward()], config(**settings), given, processing_class=tokens)
        run.train()
        assert paid == [[1.0, 0.0, 1.0, 0.0]] * 2
        assert sum("rewards/solved/mean" in entry for entry in run.state.log_history) == 2


def tokenizer():  # type: ignore[no-untyped-def]
    """A tokenizer of bytes, with a chat template."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    symbols = ["<pad>", "<eos>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    inner = Tokenizer(models.BPE({symbol: place for place, symbol in enumerate(symbols)}, []))
    inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokens = PreTrainedTokenizerFast(tokenizer_object=inner, pad_token="<pad>", eos_token="<eos>")
    tokens.chat_template = (
        "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    )
    return tokens


def test_the_ground_truth_of_rows_is_a_request() -> None:
    for row in rows(2):
        truth = json.loads(row["reward_model"]["ground_truth"])
        assert sos.score_many([row["answer"]], truth).reward == [1.0]
