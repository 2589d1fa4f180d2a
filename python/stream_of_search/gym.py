"""Puzzles as Gymnasium environments.

Importing this module registers `StreamOfSearch/Puzzle-v0`, which takes any recipe as the keyword `recipe`, and one environment for each
environment of the library: `StreamOfSearch/Countdown-v0`, `StreamOfSearch/RushHour-v0` and so on. `environment_ids()` lists them.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from . import _core
from .datasets import Recipe
from .play import Env
from .scoring import PuzzleLike

CHARACTERS = frozenset(string.printable)
"""The characters of texts by default: those of ASCII that can be printed, and white space."""


class PuzzleEnv(gymnasium.Env[dict[str, Any], "np.int64 | int"]):
    """A puzzle with numbered moves.

    recipe, config, split and other keywords are those of `stream_of_search.Env`.

    num_actions: number of actions. Action k is move k of the legal moves. Where there are fewer moves, the other actions are illegal: they
        cost `illegal_penalty`, and `info["action_mask"]` has 0 for them. Where there are more, `info["hidden_moves"]` says how many no
        action can play; choose a greater number then.
    text_length: greatest length of a text in an observation; longer texts are cut there.
    characters: the characters of texts; others become "?".
    render_mode: "ansi", or None.

    An observation is a dict of texts: `puzzle` (the layout), `state`, and `legal` (the legal moves, one a line). `info` is that of
    `stream_of_search.Env`, with `action_mask` (int8) and `hidden_moves`. Where a value of `info` is not known, its key is missing, so
    that vector environments can put it into arrays.
    """

    metadata = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012

    def __init__(
        self,
        recipe: Recipe | Sequence[PuzzleLike] = "countdown",
        *,
        num_actions: int = 64,
        text_length: int = 8192,
        characters: str | frozenset[str] = CHARACTERS,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        self.puzzles = Env(recipe, **options)
        self.render_mode = render_mode
        self._characters = frozenset(characters) | {"?"}
        self._length = text_length
        text = spaces.Text(max_length=text_length, min_length=0, charset=self._characters)
        self.observation_space: spaces.Space[Any] = spaces.Dict({"puzzle": text, "state": text, "legal": text})
        self.action_space: spaces.Space[Any] = spaces.Discrete(num_actions)
        self._actions = num_actions

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Begins an episode. `options` may have `index`, the row of a puzzle, or `puzzle`."""
        super().reset(seed=seed)
        asked = {name: value for name, value in (options or {}).items() if name in ("index", "puzzle")}
        if not asked:
            asked["index"], _ = self.puzzles._draw(self.np_random.integers)
        observation, info = self.puzzles.reset(**asked)
        return self._texts(observation), self._info(info)

    def step(self, action: np.int64 | int) -> tuple[dict[str, str], float, bool, bool, dict[str, Any]]:
        """Plays the move with this number."""
        observation, reward, terminated, truncated, info = self.puzzles.step(action)
        return self._texts(observation), reward, terminated, truncated, self._info(info)

    def render(self) -> str | None:
        """The episode as text, in the mode "ansi"."""
        return self.puzzles.render() if self.render_mode == "ansi" else None

    def _texts(self, observation: dict[str, Any]) -> dict[str, str]:
        texts = {**observation, "legal": "\n".join(observation["legal"])}
        return {name: self._shown(text) for name, text in texts.items()}

    def _shown(self, text: str) -> str:
        return "".join(letter if letter in self._characters else "?" for letter in text[: self._length])

    def _info(self, info: dict[str, Any]) -> dict[str, Any]:
        actions, moves = self._actions, len(self.puzzles.position.legal)
        mask = np.zeros(actions, dtype=np.int8)
        if not self.puzzles.position.is_goal:
            mask[:moves] = 1
        known = {name: value for name, value in info.items() if value is not None}
        return {**known, "action_mask": mask, "hidden_moves": max(0, moves - actions)}


def environment_ids() -> dict[str, str]:
    """Ids of the registered environments of one puzzle family each, by the name of the family."""
    return {name: f"StreamOfSearch/{''.join(part.capitalize() for part in name.split('-'))}-v0" for name in _core.environments()}


def register() -> None:
    """Registers the environments. The import of this module has done it."""
    entry = f"{__name__}:PuzzleEnv"
    ids: dict[str, dict[str, Any]] = {"StreamOfSearch/Puzzle-v0": {}} | {identity: {"recipe": name} for name, identity in environment_ids().items()}
    for identity, options in ids.items():
        if identity not in gymnasium.registry:
            gymnasium.register(identity, entry_point=entry, kwargs=options)


register()
