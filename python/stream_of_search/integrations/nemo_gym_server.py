"""NeMo Gym: the resources server as a class of its package `nemo-gym`, so that `gym env start` can run it.

The file app.py of a resources server is:

    from stream_of_search.integrations.nemo_gym_server import PuzzleResourcesServer

    if __name__ == "__main__":
        PuzzleResourcesServer.run_webserver()
"""

from __future__ import annotations

from fastapi import HTTPException
from nemo_gym.base_resources_server import BaseVerifyRequest, BaseVerifyResponse, SimpleResourcesServer
from pydantic import ConfigDict
from starlette.concurrency import run_in_threadpool

from .._core import SosError
from . import nemo_gym


class PuzzleVerifyRequest(BaseVerifyRequest):
    """A row of the shape "nemo-gym" with the response of a model."""

    model_config = ConfigDict(extra="allow")


class PuzzleVerifyResponse(BaseVerifyResponse):
    """The request, with what `nemo_gym.verify` adds: reward, reward_components, solved, valid, first_error."""

    model_config = ConfigDict(extra="allow")


class PuzzleResourcesServer(SimpleResourcesServer):
    """Scores rows of the shape "nemo-gym". It keeps nothing between requests."""

    async def verify(self, body: PuzzleVerifyRequest) -> PuzzleVerifyResponse:
        """Scores the last message of the assistant. A row without a puzzle gets status 422 and a sentence."""
        try:
            # In a thread, since the scorer lets other threads run.
            found = await run_in_threadpool(nemo_gym.verify, body.model_dump())
        except SosError as error:
            raise HTTPException(status_code=422, detail=str(error)) from error
        return PuzzleVerifyResponse(**found)
