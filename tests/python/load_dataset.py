"""Loads dataset folders with Hugging Face `datasets` and compares with their manifests.

    python3 tests/python/load_dataset.py FOLDER...

Needs `pip install datasets` (and `zstandard` for jsonl.zst). Without it, says so and ends well.
"""

import json
import os
import pathlib
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_OFFLINE"] = "1"

TYPES = {
    "id": "string",
    "index": "int64",
    "completion": "string",
    "solved": "bool",
    "optimal_cost": "int64",
    "defects": "string",
}


def check_lists(rows, place):
    """Lists and conversations are what trainers read, and as long as each other."""
    if "messages" in rows.features:
        for turns in rows["messages"]:
            roles = [turn["role"] for turn in turns if turn["role"] != "system"]
            assert roles == ["user", "assistant"] * (len(roles) // 2), place
            assert all(isinstance(turn["content"], str) for turn in turns), place
    if "read" in rows.features:
        for turns in rows["prompt"]:
            assert turns[-1]["role"] == "user" and turns[-1]["content"], place
        for reward, env in zip(rows["reward_model"], rows["data_source"]):
            assert reward["style"] == "rule" and json.loads(reward["ground_truth"])["env"] == env, place
    if "completions" in rows.features:
        other = "labels" if "labels" in rows.features else "rewards"
        kind = bool if other == "labels" else int
        for texts, values in zip(rows["completions"], rows[other]):
            assert len(texts) == len(values) and all(isinstance(text, str) for text in texts), place
            assert all(type(value) is kind for value in values), place


def check(folder, cache):
    from datasets import get_dataset_config_names, load_dataset

    manifest = json.loads((folder / "manifest.json").read_text())
    configs = manifest["job"]["configs"]
    expected = {
        config: {split: rows for split, rows in manifest["rows"][config].items() if rows} for config in configs
    }
    assert get_dataset_config_names(str(folder)) == configs
    for config in [None, *configs]:
        loaded = load_dataset(str(folder), config, cache_dir=cache)
        found = {split: rows.num_rows for split, rows in loaded.items()}
        assert found == expected[config or configs[0]], (folder, config, found)
        for split, rows in loaded.items():
            assert rows["index"] == list(range(rows.num_rows)), (folder, config, split)
            assert set(rows["split"]) == {split}, (folder, config, split)
            for name, dtype in TYPES.items():
                if name in rows.features:
                    assert rows.features[name].dtype in (dtype, "null"), (folder, name, rows.features[name])
            check_lists(rows, (folder, config, split))
    twins = [load_dataset(str(folder), config, cache_dir=cache) for config in configs]
    for split in expected[configs[0]]:
        assert len({tuple(twin[split]["id"]) for twin in twins}) == 1, (folder, split)
    streamed = load_dataset(str(folder), streaming=True)
    for split, rows in expected[configs[0]].items():
        assert sum(1 for _ in streamed[split]) == rows, (folder, split)


def main():
    try:
        import datasets
    except ImportError:
        print("skipped: `datasets` is not installed")
        return
    for folder in sys.argv[1:]:
        if list(pathlib.Path(folder).glob("*/*.zst")):
            try:
                import zstandard  # noqa: F401
            except ImportError:
                print(f"{folder}: skipped: `zstandard` is not installed")
                continue
        with tempfile.TemporaryDirectory() as cache:
            check(pathlib.Path(folder), cache)
        print(f"{folder}: ok with datasets {datasets.__version__}")


main()
