"""TRL: puzzles that a model plays by calling tools, for the argument `environment_factory` of GRPOTrainer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..datasets import Recipe, load
from ..play import Env

SYSTEM = "You play a puzzle. Call the tool `move` with one move at a time until the puzzle is solved."
"""The system message of the prompts."""


class PuzzleEnvironment:
    """A puzzle with tools, as TRL's `environment_factory` takes it: `GRPOTrainer(..., environment_factory=PuzzleEnvironment)`.

    The puzzle of an episode is that of the row: its columns `env` and `puzzle`. The reward is 1.0 where the puzzle is solved, else 0.0.
    Methods without an underscore are tools.
    """

    _most_steps = 200

    def __init__(self) -> None:
        self._env: Env | None = None

    def reset(self, **row: Any) -> str:
        """Begins the puzzle of a row. Gives what is added to the row's prompt: the state, and the legal moves."""
        self._env = Env([row], max_steps=self._most_steps, words=True, cost_to_go=False)
        self._env.reset(index=0)
        return "\n\n" + self._shown()

    def get_reward(self) -> float:
        """1.0 where the puzzle is solved, else 0.0."""
        return float(self._env is not None and self._env.position.is_goal)

    def move(self, move: str) -> str:
        """Play one legal move of the puzzle.

        Args:
            move: The move, written as in the list of legal moves.

        Returns:
            The new state and its legal moves, or what is wrong with the move.
        """
        *_, info = self._playing().step(str(move))
        return f"{info['error']}\n{self._shown()}" if info["error"] else self._shown()

    def restart(self) -> str:
        """Go back to the start of the puzzle.

        Returns:
            The start state and its legal moves.
        """
        self._playing().restart()
        return self._shown()

    def _playing(self) -> Env:
        if self._env is None:
            raise RuntimeError("there is no puzzle; call reset with a row first")
        return self._env

    def _shown(self) -> str:
        position = self._playing().position
        if position.is_goal:
            return f"State: {position.state_in_words}\nThe puzzle is solved."
        legal = position.legal_in_words
        return f"State: {position.state_in_words}\nLegal moves: {'; '.join(legal) if legal else 'none; restart'}"


def rows(recipe: Recipe, config: str | None = None, split: str = "train", **options: Any) -> Iterator[dict[str, Any]]:
    """Rows for PuzzleEnvironment: a conversational `prompt` with the puzzle in words, and `env` and `puzzle`.

    `datasets.Dataset.from_list(list(rows("countdown", count=1000)))` makes a train dataset of them. Keywords are those of `load`.
    """
    for row in load(recipe, config, split, **options):
        env = Env([row], cost_to_go=False)
        observation, _ = env.reset(index=0)
        rules = env.rules()
        prompt = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"{rules}\n\n{observation['puzzle']}"}]
        yield {"prompt": prompt, "env": row["env"], "puzzle": row["puzzle"]}
