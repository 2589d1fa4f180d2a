"""The reward function for verl. The file stands alone: verl imports it by its path.

Settings of verl:

    reward.custom_reward_function.path=<the path of this file: stream_of_search.verl.__file__>
    reward.custom_reward_function.name=compute_score
"""

from __future__ import annotations

from typing import Any


def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: Any,
    extra_info: Any = None,
    *,
    read: str | None = None,
    dialect: str | None = None,
    **kwargs: Any,
) -> dict[str, float]:
    """Scores a text against its puzzle.

    data_source: the environment; not used, since the puzzle names it as well.
    solution_str: what the model wrote, without the prompt.
    ground_truth: the column `reward_model.ground_truth` of an `rl` or `verl` config: JSON, or a dict, with `env` and `puzzle`.
    read, dialect: as in `score_many`, in the place of what ground_truth says. verl passes them from `reward_kwargs`.

    Gives the same keys for every row, each a number: `score` (1.0 where the text solves the puzzle, else 0.0), `solved`, `valid`, `optimal`.

    Raises RequestError where ground_truth is no puzzle.
    """
    from stream_of_search import score_many

    score = score_many([solution_str], _row(ground_truth), read, dialect, threads=1)[0]
    return {
        "score": score.reward,
        "solved": float(score.solved),
        "valid": float(score.valid),
        "optimal": float(score.optimal),
    }


def _row(ground_truth: Any) -> dict[str, Any]:
    import json

    from stream_of_search import RequestError

    if isinstance(ground_truth, str):
        try:
            ground_truth = json.loads(ground_truth)
        except ValueError as error:
            raise RequestError(f"ground_truth: not JSON: {error}; send the column of an rl config") from None
    if not isinstance(ground_truth, dict):
        raise RequestError(f"ground_truth: found {type(ground_truth).__name__}; send JSON with `env` and `puzzle`")
    return ground_truth
