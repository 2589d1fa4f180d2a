"""verl itself reads the rows of the shape `verl`, and its workers call `compute_score`, with the settings of its own command line. `.ci/nightly` runs this."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("verl")

import pyarrow  # noqa: E402
import pyarrow.parquet  # noqa: E402

import stream_of_search as sos  # noqa: E402
import stream_of_search.verl  # noqa: E402
from stream_of_search.integrations.rows import right_reply  # noqa: E402

COUNT = 6
# Prompts in plain English, and prompts that ask for traces.
RECIPES = [("rl-countdown", "rl"), ("rl-maze", "rl"), ("5-search-countdown", "search")]
TEMPLATE = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant: "


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    return [row for recipe, config in RECIPES for row in sos.load(recipe, config=config)[:COUNT]]


@pytest.fixture(scope="module")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    sos.tokenizer("bytes").save(folder)
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    return folder


@pytest.fixture(scope="module")
def config(tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The configuration of `python -m verl.trainer.main_ppo` with these arguments."""
    import verl.trainer
    from hydra import compose, initialize_config_dir
    from verl.experimental.reward_loop import migrate_legacy_reward_impl

    arguments = [
        f"reward.custom_reward_function.path={stream_of_search.verl.__file__}",
        "reward.custom_reward_function.name=compute_score",
        "reward.num_workers=2",
        f"actor_rollout_ref.model.path={tokenizer_folder}",
        f"+data.cache_dir={tmp_path_factory.mktemp('cache')}",
        "data.max_prompt_length=4096",
        "data.filter_overlong_prompts_workers=1",
    ]
    folder = Path(verl.trainer.__file__).parent / "config"
    with initialize_config_dir(str(folder), version_base=None):
        return migrate_legacy_reward_impl(compose("ppo_trainer", arguments))


@pytest.fixture(scope="module")
def batch(config: Any, tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A batch of all rows, which verl reads from Parquet and puts together."""
    from verl.utils import hf_tokenizer
    from verl.utils.dataset.rl_dataset import RLHFDataset, collate_fn

    folder = tmp_path_factory.mktemp("rows")
    files = []
    for recipe, kind in RECIPES:
        shaped = sos.load(recipe, config=kind, count=COUNT).shaped("verl")
        files.append(str(folder / f"{recipe}.parquet"))
        pyarrow.parquet.write_table(pyarrow.table(shaped), files[-1])
    data = RLHFDataset(files, hf_tokenizer(str(tokenizer_folder)), config.data)
    return collate_fn([data[place] for place in range(len(data))])


@pytest.fixture(scope="module")
def manager(config: Any) -> Iterator[Any]:
    import ray
    from verl.experimental.reward_loop import RewardLoopManager

    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    yield RewardLoopManager(config)
    ray.shutdown()


def test_verl_reads_the_rows(batch: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    turns = [[{"role": "user", "content": row["prompt"]}] if isinstance(row["prompt"], str) else row["prompt"] for row in rows]
    assert [list(prompt) for prompt in batch["raw_prompt"]] == turns
    truths = [model["ground_truth"] for model in batch["reward_model"]]
    assert truths[: 2 * COUNT] == [row["reward_model"]["ground_truth"] for row in rows[: 2 * COUNT]]
    assert [json.loads(truth)["puzzle"] for truth in truths] == [json.loads(row["puzzle"]) for row in rows]
    assert list(batch["data_source"]) == ["countdown"] * COUNT + ["maze"] * COUNT + ["countdown"] * COUNT
    assert list(batch["index"]) == [row["index"] for row in rows]


def test_workers_of_verl_score_replies(
    manager: Any, batch: dict[str, Any], rows: list[dict[str, Any]], tokenizer_folder: Path
) -> None:
    import torch
    from verl import DataProto
    from verl.utils import hf_tokenizer

    right = [row["completion"] if row["record"] == "search" else right_reply(row) for row in rows]
    # Every second reply is that of another puzzle; one is empty, and one is no text that any tokenizer of words knows.
    replies = [reply if place % 2 == 0 else right[place - 1] for place, reply in enumerate(right)]
    replies[1], replies[3] = "", "🧩<answer>"
    expected = sos.score_many(replies, [{"read": "trace", **row} if row["record"] == "search" else row for row in rows])
    assert expected.reward[::2] == [float(row["record"] != "search" or row["solved"]) for row in rows[::2]]
    assert sum(expected.reward) == sum(expected.reward[::2]) > COUNT

    tokenizer = hf_tokenizer(str(tokenizer_folder))
    ids = [tokenizer.encode(reply, add_special_tokens=False) + [tokenizer.eos_token_id] for reply in replies]
    longest = max(map(len, ids))
    responses = torch.tensor([reply + [tokenizer.pad_token_id] * (longest - len(reply)) for reply in ids])
    seen = torch.tensor([[1] * (1 + len(reply)) + [0] * (longest - len(reply)) for reply in ids])
    prompts = torch.full((len(rows), 1), tokenizer.bos_token_id)
    data = DataProto.from_single_dict({**batch, "prompts": prompts, "responses": responses, "attention_mask": seen})

    scored = manager.compute_rm_score(data)
    # The reward stands at the last token of a reply.
    assert scored.batch["rm_scores"].sum(1).tolist() == expected.reward
    assert [scored.batch["rm_scores"][place, len(reply) - 1].item() for place, reply in enumerate(ids)] == expected.reward
    assert set(scored.meta_info["reward_extra_keys"]) == {"score", "solved", "valid", "optimal"}
    for name in ("solved", "valid", "optimal"):
        assert scored.non_tensor_batch[name].tolist() == [float(flag) for flag in getattr(expected, name)]
