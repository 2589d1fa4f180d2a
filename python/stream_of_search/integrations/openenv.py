"""OpenEnv: a server of puzzles, with one episode for each WebSocket session.

`uvicorn.run(app("countdown", split="test"))` serves it. A session resets with `seed`, or with `split` and `index`, and steps with
`{"move": "3 + 5 = 8"}`, or with `{"move": 0}` for the first legal move.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from openenv.core.env_server.http_server import create_app
from openenv.core.env_server.interfaces import Environment
from openenv.core.env_server.types import Action, Observation, State
from pydantic import Field

from .. import _core
from ..datasets import Recipe
from ..play import Env


class Move(Action):
    """A move: a text, or its place in the legal moves."""

    move: str | int = Field(description="One of the legal moves, or its place in their list, from 0 on.")


class PuzzleObservation(Observation):
    """What a player sees."""

    puzzle: str = Field(description="The puzzle in words.")
    rules: str = Field(description="The rules of the puzzle.")
    state: str = Field(description="The state.")
    legal: list[str] = Field(description="The legal moves.")
    error: str | None = Field(default=None, description="What is wrong with the last move.")


class PuzzleState(State):
    """The state of a session."""

    env: str | None = None
    puzzle: str | None = Field(default=None, description="The puzzle as JSON.")
    moves: list[str] = Field(default_factory=list)
    solved: bool = False


class Splits:
    """The splits of a recipe, each opened once and shared by all sessions."""

    def __init__(self, recipe: Recipe, config: str | None, **options: Any) -> None:
        self._recipe, self._config, self._options = recipe, config, options
        described = _core.describe(dict(recipe) if isinstance(recipe, dict) else str(recipe))["splits"]
        self.names: list[str] = list(described)
        self._opened: dict[str, Env] = {}

    def open(self, split: str) -> Env:
        """An Env of a split, with an episode of its own."""
        if split not in self._opened:
            self._opened[split] = Env(self._recipe, self._config, split, **self._options)
        return self._opened[split].fresh()


class PuzzleServer(Environment[Move, PuzzleObservation, PuzzleState]):
    """One session: episodes of puzzles of a recipe. The observation's reward and done are those of `stream_of_search.Env`."""

    SUPPORTS_CONCURRENT_SESSIONS = True

    def __init__(self, splits: Splits, split: str) -> None:
        super().__init__()
        self._splits, self._split = splits, split
        self._env = splits.open(split)
        self._episode: str | None = None

    def reset(
        self,
        seed: int | None = None,
        episode_id: str | None = None,
        split: str | None = None,
        index: int | None = None,
        **_: Any,
    ) -> PuzzleObservation:
        """Begins an episode: the puzzle of `index` in `split`, or one that is drawn."""
        if split is not None and split != self._split:
            self._env, self._split = self._splits.open(split), split
        self._episode = episode_id or str(uuid4())
        seen, info = self._env.reset(seed=seed, index=index)
        return self._observation(seen, None, self._env.position.is_end, info)

    def step(self, action: Move, timeout_s: float | None = None, **_: Any) -> PuzzleObservation:
        """Plays a move."""
        if self._episode is None:
            self.reset()
        seen, reward, terminated, truncated, info = self._env.step(action.move)
        return self._observation(seen, reward, terminated or truncated, info)

    @property
    def state(self) -> PuzzleState:
        """The episode so far."""
        if self._episode is None:
            return PuzzleState()
        position = self._env.position
        return PuzzleState(
            episode_id=self._episode,
            step_count=self._env.steps,
            env=position.puzzle.env,
            puzzle=position.puzzle.json,
            moves=list(position.moves),
            solved=position.is_goal,
        )

    def _observation(self, seen: dict[str, Any], reward: float | None, done: bool, info: dict[str, Any]) -> PuzzleObservation:
        metadata = {name: value for name, value in info.items() if name != "error"}
        rules, error = self._env.rules(), info["error"]
        return PuzzleObservation(**seen, rules=rules, error=error, reward=reward, done=done, metadata=metadata)

    # OpenEnv's list of tasks

    def list_splits(self) -> list[str]:
        """Names of the splits."""
        return self._splits.names

    def num_tasks(self, split: str) -> int:
        """Number of puzzles of a split."""
        return len(self._splits.open(split))

    def get_task(self, split: str, index: int) -> dict[str, Any]:
        """A puzzle of a split. Raises IndexError past its end."""
        env = self._splits.open(split)
        if not 0 <= index < len(env):
            raise IndexError(f"task {index} of {len(env)}")
        _, info = env.reset(index=index)
        return {"split": split, "index": index, "id": info["id"], "env": info["env"], "prompt": env.prompt()}

    def get_task_range(self, split: str, start: int | None = None, stop: int | None = None) -> list[dict[str, Any]]:
        """Puzzles of a split."""
        places = range(*slice(start, stop).indices(self.num_tasks(split)))
        return [self.get_task(split, index) for index in places]

    def list_tasks(self, split: str) -> list[dict[str, Any]]:
        """The first 100 puzzles of a split."""
        return self.get_task_range(split, 0, 100)


def app(recipe: Recipe, config: str | None = None, split: str = "train", *, max_sessions: int = 64, **options: Any) -> Any:
    """A FastAPI app that serves puzzles of a recipe by OpenEnv's protocol.

    split: the split of a session that names none. max_sessions: how many sessions may be open. Other keywords are those of
    `stream_of_search.Env`.
    """
    splits = Splits(recipe, config, **{"words": True, **options})
    splits.open(split)
    return create_app(
        lambda: PuzzleServer(splits, split),
        Move,
        PuzzleObservation,
        env_name="stream_of_search",
        max_concurrent_envs=max_sessions,
        state_cls=PuzzleState,
    )
