"""The client of the server of puzzles."""

from __future__ import annotations

from typing import Any

from openenv.core import EnvClient
from openenv.core.client_types import StepResult
from stream_of_search.integrations.openenv import Move, PuzzleObservation, PuzzleState


class PuzzleClient(EnvClient[Move, PuzzleObservation, PuzzleState]):
    """A session of a server.

    with PuzzleClient(base_url="http://localhost:8000").sync() as session:
        result = session.reset(split="test", index=3)
        result = session.step(Move(move=result.observation.legal[0]))
    """

    def _step_payload(self, action: Move) -> dict[str, Any]:
        return action.model_dump(exclude={"metadata"})

    def _parse_result(self, payload: dict[str, Any]) -> StepResult[PuzzleObservation]:
        reward, done = payload.get("reward"), bool(payload.get("done", False))
        seen = PuzzleObservation(**{**payload["observation"], "reward": reward, "done": done})
        return StepResult(observation=seen, reward=reward, done=done)

    def _parse_state(self, payload: dict[str, Any]) -> PuzzleState:
        return PuzzleState(**payload)
