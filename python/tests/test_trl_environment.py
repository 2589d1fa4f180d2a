"""TRL's `environment_factory`, with the real GRPOTrainer: its introspection, its tool loop, its rewards, its optimiser."""

from __future__ import annotations

import json
import os
import warnings
from pathlib import Path
from typing import Any

import pytest

trl = pytest.importorskip("trl")

from stream_of_search.integrations.trl import PuzzleEnvironment, rows  # noqa: E402
from stream_of_search.play import Position  # noqa: E402

RECIPE = {
    "name": "tiny",
    "seed": 1,
    "dialect": "compact",
    "environment": {"name": "countdown", "sizes": {"min": 2, "max": 2}, "numbers": {"min": 1, "max": 9}, "targets": {"min": 1, "max": 81}},
    "searches": [{"kind": "dfs", "heuristic": "sum"}],
    "records": [{"kind": "search"}],
    "splits": {"train": {"rows": 4, "share": 100}},
}


def test_an_episode_by_tools_alone() -> None:
    row = next(rows(RECIPE))
    env = PuzzleEnvironment()
    assert env.get_reward() == 0.0
    shown = env.reset(**row, index=3, prompt_id="x")
    start = Position(row)
    assert all(move in shown for move in start.legal_in_words)
    assert "no move of countdown" in env.move("hello") and "found 1000000 bytes" in env.move("9" * 10**6)
    wrong = next(move for move in start.legal_in_words if not start.play(move).is_goal)
    assert "Legal moves: none; restart" in env.move(wrong) and env.get_reward() == 0.0
    assert shown.endswith(env.restart())
    assert "solved" in env.move(start.best()) and env.get_reward() == 1.0
    assert "over" in env.move(start.best()) and env.get_reward() == 1.0
    assert env.reset(**row) == shown and env.get_reward() == 0.0


def test_the_tools_have_schemas() -> None:
    from transformers.utils import get_json_schema

    env = PuzzleEnvironment()
    move = get_json_schema(env.move)["function"]
    assert move["parameters"]["required"] == ["move"] and move["parameters"]["properties"]["move"]["type"] == "string"
    assert "description" in move["parameters"]["properties"]["move"]
    assert get_json_schema(env.restart)["function"]["parameters"]["properties"] == {}


def tokenizer() -> Any:
    """Bytes as tokens, with the chat template of Qwen 3 that TRL has."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    core = Tokenizer(models.BPE(vocab={letter: place for place, letter in enumerate(alphabet)}, merges=[]))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    made = PreTrainedTokenizerFast(tokenizer_object=core, eos_token="<|im_end|>", pad_token="<|endoftext|>")
    made.add_tokens(["<|im_start|>", "<tool_call>", "</tool_call>"])
    made.chat_template = (Path(trl.__file__).parent / "chat_templates" / "qwen3.jinja").read_text()
    return made


def test_grpo_trains_on_the_episodes(tmp_path: Path) -> None:
    os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"
    import torch
    from datasets import Dataset
    from transformers import Qwen3Config, Qwen3ForCausalLM
    from trl import GRPOConfig, GRPOTrainer

    torch.manual_seed(0)
    tokens = tokenizer()
    config = Qwen3Config(
        vocab_size=len(tokens), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=1, head_dim=8, max_position_embeddings=16384, eos_token_id=tokens.eos_token_id, pad_token_id=tokens.pad_token_id,
    )  # fmt: skip
    data = list(rows(RECIPE))

    def said(turn: int, rollout: int, row: dict[str, Any]) -> str:
        """What the model says: half of the rollouts solve the puzzle in their second turn, the others say no move."""
        if turn > 1:
            return "Done.<|im_end|>"
        move = "no move at all" if turn == 0 or rollout % 2 else Position(row).best()
        call = json.dumps({"name": "move", "arguments": {"move": move}})
        return f"<tool_call>\n{call}\n</tool_call><|im_end|>"

    class Scripted(GRPOTrainer):
        """The trainer, with a script in the place of the model's samples. All else is TRL's."""

        turn = 0

        def _generate(self, prompts: list[Any]) -> Any:
            self.turn, self.asked = 0, [environment._env.position.puzzle for environment in self.environments]
            return super()._generate(prompts)

        def _generate_single_turn(self, prompt_ids: list[list[int]], *_: Any, **__: Any) -> tuple[list[list[int]], None]:
            puzzles = self.asked
            assert len(prompt_ids) == len(puzzles)
            texts = [said(self.turn, place, {"env": puzzle.env, "puzzle": puzzle.json}) for place, puzzle in enumerate(puzzles)]
            self.turn += 1
            return [tokens.encode(text) for text in texts], None

    arguments = GRPOConfig(
        output_dir=str(tmp_path), per_device_train_batch_size=4, num_generations=4, max_steps=2, max_completion_length=4096,
        use_cpu=True, report_to="none", logging_steps=1, learning_rate=1e-2, save_strategy="no", beta=0.0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trainer = Scripted(
            model=Qwen3ForCausalLM(config),
            args=arguments,
            processing_class=tokens,
            train_dataset=Dataset.from_list(data),
            environment_factory=PuzzleEnvironment,
        )
        before = [parameter.detach().clone() for parameter in trainer.model.parameters()]
        trainer.train()
    logs = [entry for entry in trainer.state.log_history if "reward" in entry]
    assert len(logs) == 2
    for entry in logs:
        assert entry["rewards/PuzzleEnvironment/mean"] == 0.5 and entry["reward_std"] > 0.4
        assert entry["tools/failure_frequency"] == 0.0 and entry["tools/call_frequency"] == 2.0
    assert any((old != new).any() for old, new in zip(before, trainer.model.parameters(), strict=True))
    assert [environment.get_reward() for environment in trainer.environments] == [1.0, 0.0, 1.0, 0.0]
