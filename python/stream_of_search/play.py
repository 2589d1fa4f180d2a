"""Puzzles as games: positions, moves, and episodes with rewards."""

from __future__ import annotations

import copy
import operator
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, SupportsIndex

from . import _core
from ._core import MoveError, Puzzle, RequestError
from .datasets import Recipe, load
from .scoring import PuzzleLike

Observation = dict[str, Any]
"""What a player sees: `puzzle` (its layout in words), `state`, and `legal`, the legal moves as texts."""

_MOST_DRAWS = 1000


def puzzle_of(puzzle: PuzzleLike) -> Puzzle:
    """A Puzzle from a Puzzle or from a row with `env` and `puzzle`."""
    return puzzle if isinstance(puzzle, Puzzle) else Puzzle.from_row(puzzle)


def text_of(text: str) -> str:
    """A string that can be written as UTF-8: lone surrogates become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Position:
    """A position of a puzzle: the puzzle, and the moves that led there from its start.

    puzzle: a Puzzle, or a row with `env` and `puzzle`.
    moves: the moves so far, as texts.

    A position never changes: `play` gives a new one. It holds texts alone, so it can be pickled, compared, hashed, and used in any
    thread. Raises MoveError where the moves are not legal one after the other.
    """

    def __init__(self, puzzle: PuzzleLike, moves: Sequence[str] = ()) -> None:
        if isinstance(moves, str):
            raise RequestError("moves: found a string; send a list of moves")
        self.puzzle = puzzle_of(puzzle)
        self.moves: tuple[str, ...] = ()
        for move in moves:
            self.moves += (self._read(move),)

    @classmethod
    def _at(cls, puzzle: Puzzle, moves: tuple[str, ...]) -> Position:
        position = cls.__new__(cls)
        position.puzzle, position.moves = puzzle, moves
        return position

    def __reduce__(self) -> tuple[Any, ...]:
        return Position._at, (self.puzzle, self.moves)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Position) and (self.puzzle, self.moves) == (other.puzzle, other.moves)

    def __hash__(self) -> int:
        return hash((self.puzzle, self.moves))

    def __repr__(self) -> str:
        return f"<Position of {self.puzzle.env} after {len(self.moves)} moves: {self.state_in_words}>"

    @cached_property
    def _seen(self) -> dict[str, Any]:
        return _core.position(self.puzzle.env, self.puzzle.json, list(self.moves), False)

    @cached_property
    def _to_go(self) -> tuple[bool, int | None]:
        seen = _core.position(self.puzzle.env, self.puzzle.json, list(self.moves), True)
        self.__dict__.setdefault("_seen", seen)
        return seen["known"], seen["cost_to_go"]

    @property
    def state(self) -> str:
        """The state, as the dialect `compact` writes it."""
        return str(self._seen["state"])

    @property
    def state_in_words(self) -> str:
        """The state, as the dialect `prose` writes it."""
        return str(self._seen["state_in_words"])

    @property
    def legal(self) -> tuple[str, ...]:
        """The legal moves, as the dialect `compact` writes them. Their order is fixed; a move may be played by its place in it."""
        return tuple(self._seen["legal"])

    @property
    def legal_in_words(self) -> tuple[str, ...]:
        """The legal moves in the same order, as the dialect `prose` writes them."""
        return tuple(self._seen["legal_in_words"])

    @property
    def is_goal(self) -> bool:
        """Whether the puzzle is solved here."""
        return bool(self._seen["goal"])

    @property
    def is_end(self) -> bool:
        """Whether nothing is left to do: a goal, or no legal move."""
        return self.is_goal or not self.legal

    @property
    def cost(self) -> int:
        """The cost of the moves so far."""
        return int(self._seen["cost"])

    @property
    def cost_to_go(self) -> int | None:
        """The exact cost to the nearest goal; None where no goal can be reached, or where that is not known (`reachable` tells which)."""
        return self._to_go[1]

    @property
    def reachable(self) -> bool | None:
        """Whether a goal can be reached from here; None where that is not known."""
        known, cost = self._to_go
        return cost is not None if known else None

    def play(self, move: SupportsIndex | str) -> Position:
        """The position after a move: a place in `legal`, or a text.

        A text may be in the form of the dialects `compact`, `stream-of-search` or `prose`. White space does not count. Raises MoveError
        where it is no legal move; the message says why.
        """
        if isinstance(move, str):
            return Position._at(self.puzzle, (*self.moves, self._read(move)))
        place = operator.index(move)
        if not 0 <= place < len(self.legal):
            raise MoveError(f"move: found {place}; there are {len(self.legal)} legal moves, from 0 on")
        return Position._at(self.puzzle, (*self.moves, self.legal[place]))

    def _read(self, move: str) -> str:
        if not isinstance(move, str):
            raise RequestError(f"move: found {type(move).__name__}; send a string")
        return _core.read_move(self.puzzle.env, self.puzzle.json, list(self.moves), text_of(move))

    def best(self) -> str | None:
        """A first move of a cheapest way to a goal, as text; None at a goal, or where no goal is known to be reachable."""
        if self.is_goal or not self.reachable:
            return None
        ways = []
        for place, after in enumerate(map(self.play, self.legal)):
            if (to_go := after.cost_to_go) is not None:
                ways.append((after.cost + to_go, place))
        return self.legal[min(ways)[1]] if ways else None

    def solution(self) -> Position | None:
        """A goal that a cheapest way from here leads to; None where no goal is known to be reachable."""
        position = self
        while not position.is_goal:
            move = position.best()
            if move is None:
                return None
            position = position.play(move)
        return position

    def answer(self) -> str:
        """The moves so far as people write answers of this puzzle. `score_many` reads it with `read="answer"`."""
        return _core.plain_answer(self.puzzle.env, self.puzzle.json, list(self.moves))

    def trace(self) -> str:
        """The moves so far as an answer section of the dialect `compact`."""
        return " ".join(["answer", " , ".join(self.moves), "."])


class Env:
    """A puzzle as an environment of reinforcement learning: `reset`, then `step` until the episode ends.

    recipe: where puzzles come from: a recipe as for `load`, or a list of puzzles or rows.
    config, split, seed, count: as for `load`. Splits share no puzzle.
    max_steps: an episode is truncated after so many steps. Wrong moves are steps too.
    illegal_penalty: what a step costs that is no legal move. The state stays as it is, and `info["error"]` says what was wrong.
    shaping: weight of progress in the reward, 0 for none. Progress is 0 at the start, 1 at a goal, and follows the exact cost to go
        between; it is never below -1, and -1 where no goal can be reached. A step's reward has `shaping` times the progress that it made.
        So an episode that reaches a goal gets `shaping` in all beside its 1, whatever the way.
    cost_to_go: whether `info` has the exact cost to go. False saves the solver's time on large puzzles.
    words: whether texts are as the dialect `prose` writes them, rather than `compact`.

    The reward of a step is 1 where it reaches a goal, else 0, with penalty and shaping. An episode terminates at a goal, and where there
    is no legal move.

    An Env can be pickled and copied with its episode. It keeps no state outside of itself. Do not step one Env from two threads at once.
    """

    def __init__(
        self,
        recipe: Recipe | Sequence[PuzzleLike],
        config: str | None = None,
        split: str = "train",
        *,
        seed: int | None = None,
        count: int | None = None,
        max_steps: int = 200,
        illegal_penalty: float = 0.1,
        shaping: float = 0.0,
        cost_to_go: bool = True,
        words: bool = False,
    ) -> None:
        if max_steps < 1:
            raise RequestError(f"max_steps: found {max_steps}; send 1 or more")
        self._rows: Sequence[Any]
        if isinstance(recipe, Sequence) and not isinstance(recipe, str):
            self._rows = recipe
        else:
            self._rows = load(recipe, config, split, seed=seed, count=count)
        if not self._rows:
            raise RequestError("recipe: found no puzzle; send at least one")
        self.max_steps, self.illegal_penalty, self.shaping = max_steps, float(illegal_penalty), float(shaping)
        self.with_cost_to_go, self.words = cost_to_go, words
        self._random = random.Random()
        self._position: Position | None = None
        self._index: int | None = None
        self._steps = 0
        self._layout = ""

    def __len__(self) -> int:
        """Number of puzzles."""
        return len(self._rows)

    def fresh(self) -> Env:
        """An Env of the same puzzles without an episode, with draws of its own."""
        env = copy.copy(self)
        env._random, env._position, env._index, env._steps = random.Random(), None, None, 0
        return env

    @property
    def steps(self) -> int:
        """Number of steps of the episode."""
        return self._steps

    @property
    def position(self) -> Position:
        """The position of the episode."""
        if self._position is None:
            raise RequestError("step: there is no episode; call reset first")
        return self._position

    def reset(
        self, seed: int | None = None, index: int | None = None, puzzle: PuzzleLike | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begins an episode. Gives the observation and `info`.

        seed: seeds the draws of puzzles from here on. Without a seed and an index the next puzzle is drawn. A draw leaves out puzzles
            that have no solution.
        index: the puzzle of this row.
        puzzle: this puzzle.
        """
        if seed is not None:
            self._random.seed(seed)
        if puzzle is not None:
            position, index = Position(puzzle), None
        elif index is not None:
            if not 0 <= index < len(self):
                raise RequestError(f"index: found {index}; there are {len(self)} rows, from 0 on")
            position = Position(self._rows[index])
        else:
            index, position = self._draw(self._random.randrange)
        self._begin(position, index)
        return self.observation(), self._info()

    def _draw(self, below: Callable[[int], int]) -> tuple[int, Position]:
        for _ in range(_MOST_DRAWS):
            index = int(below(len(self)))
            row = self._rows[index]
            if isinstance(row, Mapping) and row.get("solvable") is False:
                continue
            return index, Position(row)
        raise RequestError(f"recipe: {_MOST_DRAWS} puzzles that were drawn have no solution; ask for one by its index")

    def _begin(self, position: Position, index: int | None) -> None:
        self._position, self._index, self._steps = position, index, 0
        self._layout = self._texts()["layout"]

    def step(self, move: SupportsIndex | str) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """Plays a move: a place in the legal moves, or a text. Gives observation, reward, terminated, truncated, info.

        No text raises an error. After the end of an episode a step changes nothing, and `info["error"]` says so. Raises RequestError
        before the first reset.
        """
        before = self.position
        if before.is_end or self._steps >= self.max_steps:
            return self._result(0.0, "the episode is over; call reset")
        self._steps += 1
        try:
            self._position = after = before.play(move)
        except MoveError as error:
            return self._result(-self.illegal_penalty, str(error))
        gain = self.shaping * (self._progress(after) - self._progress(before)) if self.shaping else 0.0
        return self._result(float(after.is_goal) + gain, None)

    def _result(self, reward: float, error: str | None) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        terminated = self.position.is_end
        truncated = not terminated and self._steps >= self.max_steps
        return self.observation(), reward, terminated, truncated, self._info(error)

    def _progress(self, position: Position) -> float:
        start = Position._at(position.puzzle, ()).cost_to_go
        if position.is_goal:
            return 1.0
        if start is None or position.reachable is None:
            return 0.0
        if position.cost_to_go is None:
            return -1.0
        return max(-1.0, 1.0 - position.cost_to_go / max(start, 1))

    def observation(self) -> Observation:
        """What the player sees now."""
        position = self.position
        if self.with_cost_to_go:
            position.reachable  # noqa: B018 - one look at the puzzle gives all
        state, legal = (position.state_in_words, position.legal_in_words) if self.words else (position.state, position.legal)
        return {"puzzle": self._layout, "state": state, "legal": list(legal)}

    def _info(self, error: str | None = None) -> dict[str, Any]:
        position = self.position
        info: dict[str, Any] = {
            "env": position.puzzle.env,
            "id": position.puzzle.id,
            "index": self._index,
            "moves": list(position.moves),
            "cost": position.cost,
            "goal": position.is_goal,
            "steps": self._steps,
            "error": error,
        }
        if self.with_cost_to_go:
            info["cost_to_go"], info["reachable"] = position.cost_to_go, position.reachable
        return info

    def rules(self) -> str:
        """The rules of the puzzle in words, on one line."""
        return self._texts()["rules"]

    def prompt(self) -> str:
        """The puzzle in words, with its rules and the form in which an answer is asked for. It is a prompt of the style `instruct`."""
        return self._texts()["prompt"]

    def _texts(self) -> dict[str, str]:
        puzzle = self.position.puzzle
        return _core.puzzle_texts(puzzle.env, puzzle.json)

    def restart(self) -> tuple[Observation, dict[str, Any]]:
        """Goes back to the start of the puzzle. The episode and the count of its steps go on."""
        self._position = Position._at(self.position.puzzle, ())
        return self.observation(), self._info()

    def render(self) -> str:
        """The episode as text: puzzle, moves, state, and legal moves."""
        position = self.position
        lines = [self._layout, "", *(f"{place}. {move}" for place, move in enumerate(position.moves, 1))]
        lines += [f"State: {position.state_in_words}", f"Cost: {position.cost}"]
        lines.append("Solved." if position.is_goal else "Legal moves: " + (", ".join(position.legal_in_words) or "none"))
        return "\n".join(lines)
