"""NeMo Gym: a resources server that scores rows of the shape "nemo-gym".

`uvicorn.run(app())` serves POST /seed_session, /verify and /aggregate_metrics. It needs FastAPI alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .._core import SosError
from . import rows


def reply_of(response: Mapping[str, Any]) -> str:
    """The text of the last message of the assistant in a response of OpenAI's Responses API; empty where there is none."""
    output = response.get("output")
    turns = [item for item in output if isinstance(item, Mapping)] if isinstance(output, Sequence) else []
    said = [item for item in turns if item.get("type", "message") == "message" and item.get("role", "assistant") == "assistant"]
    if not said or not isinstance(said[-1].get("content"), (str, list)):
        return ""
    content = said[-1]["content"]
    if isinstance(content, str):
        return content
    parts = [part for part in content if isinstance(part, Mapping) and part.get("type") in ("output_text", "text")]
    return "".join(part["text"] for part in parts if isinstance(part.get("text"), str))


def verify(body: Mapping[str, Any]) -> dict[str, Any]:
    """The row and response of `body`, with `reward` (1.0 where the puzzle is solved, else 0.0), `solved`, `valid`, `first_error`.

    The puzzle is in `metadata`, or in the row itself. Raises RequestError where there is none.
    """
    metadata = body.get("metadata")
    row = metadata if isinstance(metadata, Mapping) and "env" in metadata else body
    response = body.get("response")
    score = rows.score(reply_of(response if isinstance(response, Mapping) else {}), row)
    found = {"solved": score.solved, "valid": score.valid, "first_error": score.first_error}
    return {**body, "reward": score.reward, "reward_components": {"solved": score.reward}, **found}


_TASK = "_ng_task_index"


def groups(results: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Totals of each task: of the results with the same `_ng_task_index`, which NeMo Gym puts into them."""
    tasks: dict[Any, list[Mapping[str, Any]]] = {}
    for result in results:
        if isinstance(task := result.get(_TASK), (int, str)):
            tasks.setdefault(task, []).append(result)
    return [{_TASK: task, **aggregate(of)} for task, of in tasks.items()]


def aggregate(results: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Totals over the results of `verify`: number of rows, mean reward, shares of solved and valid rows."""
    count = len(results)

    def mean(name: str) -> float:
        values = [result.get(name) for result in results]
        return sum(float(value) for value in values if isinstance(value, (bool, int, float))) / count if count else 0.0

    return {"count": count, "mean/reward": mean("reward"), "mean/solved": mean("solved"), "mean/valid": mean("valid")}


def app() -> Any:
    """The server, a FastAPI app. It keeps nothing between requests, so any number of workers may serve it."""
    from fastapi import FastAPI, HTTPException

    server = FastAPI(title="Stream of Search")

    def seed_session(body: dict[str, Any] | None = None) -> dict[str, Any]:
        return {}

    # No `async`: FastAPI calls it in a thread, and the scorer lets other threads run.
    def verify_row(body: dict[str, Any]) -> dict[str, Any]:
        try:
            return verify(body)
        except SosError as error:
            raise HTTPException(status_code=422, detail=str(error)) from error

    def aggregate_metrics(body: dict[str, Any] | list[dict[str, Any]]) -> dict[str, Any]:
        results = body if isinstance(body, list) else body.get("verify_responses", [])
        if not isinstance(results, list) or not all(isinstance(result, dict) for result in results):
            raise HTTPException(status_code=422, detail="verify_responses: send a list of results of /verify")
        totals = aggregate(results)
        return {"group_level_metrics": groups(results), "agent_metrics": totals, "key_metrics": {"mean/reward": totals["mean/reward"]}}

    server.post("/seed_session")(seed_session)
    server.post("/close_session")(seed_session)
    server.post("/verify")(verify_row)
    server.post("/aggregate_metrics")(aggregate_metrics)
    return server
