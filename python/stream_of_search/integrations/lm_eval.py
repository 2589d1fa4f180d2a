"""EleutherAI's lm-evaluation-harness: tasks of the rows in a dataset folder.

`write_task("data/countdown", "tasks", "countdown", config="rl")` writes a task; `lm_eval --tasks countdown --include_path tasks` runs it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import rows

_FUNCTIONS = '''"""Functions of the tasks in this folder."""

from stream_of_search.integrations.lm_eval import doc_to_target, doc_to_text, process_results

__all__ = ["doc_to_target", "doc_to_text", "process_results"]
'''

_TASK = """task: {name}
dataset_path: {folder}
dataset_name: {config}
test_split: {split}
output_type: generate_until
doc_to_text: !function {module}.doc_to_text
doc_to_target: !function {module}.doc_to_target
process_results: !function {module}.process_results
generation_kwargs:
  until: []
  do_sample: false
  max_gen_toks: {tokens}
metric_list:
  - {{metric: solved, aggregation: mean, higher_is_better: true}}
  - {{metric: valid, aggregation: mean, higher_is_better: true}}
metadata:
  version: 1.0
"""

_MODULE = "stream_of_search_functions"


def doc_to_text(doc: Mapping[str, Any]) -> str:
    """What a model is asked."""
    return "\n\n".join(turn["content"] for turn in rows.messages(doc))


def doc_to_target(doc: Mapping[str, Any]) -> str:
    """A right answer, for few-shot examples; empty where the row has none."""
    return str(doc.get("answer") or "")


def process_results(doc: Mapping[str, Any], results: Sequence[str]) -> dict[str, float]:
    """The metrics of a reply: `solved` and `valid`, each 1.0 or 0.0."""
    score = rows.score(results[0], doc)
    return {"solved": score.reward, "valid": float(score.valid)}


def write_task(
    dataset: str | os.PathLike[str],
    folder: str | os.PathLike[str],
    name: str,
    *,
    config: str,
    split: str = "test",
    max_tokens: int = 2048,
) -> Path:
    """Writes a task into a folder of tasks: `{name}.yaml`, and a module with its functions. Gives the path of the YAML.

    dataset: a folder that `sos generate` or `stream_of_search.generate` made. config, split: which of its rows.
    """
    import json

    tasks = Path(folder)
    tasks.mkdir(parents=True, exist_ok=True)
    values = {"name": name, "folder": str(Path(dataset).resolve()), "config": config, "split": split}
    # A JSON string is a YAML string.
    quoted = {key: json.dumps(value) for key, value in values.items()}
    (tasks / f"{_MODULE}.py").write_text(_FUNCTIONS)
    path = tasks / f"{name}.yaml"
    path.write_text(_TASK.format(**quoted, module=_MODULE, tokens=max_tokens))
    return path
