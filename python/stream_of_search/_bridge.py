"""What the core asks of a class in Python. It calls the class, checks what it gives, and says in a sentence what is wrong with it."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING, Any, NamedTuple

from ._core import Draw, RulesError

if TYPE_CHECKING:
    from .environment import Environment


class Heuristic(NamedTuple):
    """A heuristic, and the method that computes it."""

    name: str
    admissible: bool
    consistent: bool
    help: str
    method: str


def shown(value: Any) -> str:
    """A value in a message."""
    text = repr(value)
    return text if len(text) <= 200 else text[:200] + "…"


class Bridge:
    """The functions by which the core calls a class. The core turns what they raise into the error of its caller."""

    def __init__(self, cls: type[Environment]) -> None:
        self.cls = cls
        self.fields = [field.name for field in dataclasses.fields(cls)]  # type: ignore[arg-type]
        self.needed = [
            field.name
            for field in dataclasses.fields(cls)  # type: ignore[arg-type]
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        ]
        self.heuristics = _heuristics(cls)
        self._types: dict[str, Any] | None = None

    @staticmethod
    def of(cls: type[Environment]) -> Bridge:
        """The bridge of a class, made once."""
        bridge = cls.__dict__.get("_sos_bridge")
        if bridge is None:
            bridge = Bridge(cls)
            cls._sos_bridge = bridge  # type: ignore[attr-defined]
        return bridge

    # --- puzzles

    def types(self) -> dict[str, Any]:
        """The types of the fields; Any where an annotation cannot be read."""
        if self._types is None:
            try:
                self._types = typing.get_type_hints(self.cls)
            except Exception:  # a name of a local scope
                self._types = {}
        return self._types

    def open(self, text: str) -> tuple[Environment, str]:
        """The puzzle of a JSON object, and its JSON as the class writes it."""
        given = json.loads(text)
        for name in given:
            if name not in self.fields:
                raise ValueError(f"unknown field `{name}`, expected one of: {', '.join(self.fields) or 'none'}")
        for name in self.needed:
            if name not in given:
                raise ValueError(f"missing field `{name}`")
        values = {name: shaped(value, self.types().get(name, Any), name) for name, value in given.items()}
        puzzle = self.cls(**values)
        puzzle.validate()
        return puzzle, self.json(puzzle)

    def json(self, puzzle: Environment) -> str:
        """The JSON of a puzzle."""
        fields = {name: plain(getattr(puzzle, name), name) for name in self.fields}
        return json.dumps(fields, allow_nan=False, ensure_ascii=False, separators=(",", ":"))

    def canonical(self, puzzle: Environment) -> str:
        return self._made(puzzle.canonical(), "canonical") or "{}"

    def _made(self, puzzle: Any, method: str) -> str | None:
        if puzzle is None:
            return None
        if not isinstance(puzzle, self.cls):
            raise RulesError(f"{self.cls.name}.{method} gave {shown(puzzle)}; allowed: a puzzle of {self.cls.__name__}, or None")
        return self.json(puzzle)

    # --- generator

    def generate(self, draw: Draw, settings: str) -> str | None:
        return self._made(self.cls.generate(draw, **json.loads(settings)), "generate")

    def check(self, settings: str) -> None:
        self.cls.check(**json.loads(settings))

    def space(self, settings: str) -> int | None:
        size = self.cls.space(**json.loads(settings))
        if size is not None and (not _is_int(size) or not 0 < size < 2**127):
            raise RulesError(f"{self.cls.name}.space gave {shown(size)}; allowed: a whole number from 1, or None")
        return size

    def at(self, index: int, draw: Draw, settings: str) -> str | None:
        return self._made(self.cls.at(index, draw, **json.loads(settings)), "at")

    # --- rules

    def start(self, puzzle: Environment) -> Any:
        return puzzle.start()

    def is_goal(self, puzzle: Environment, state: Any) -> bool:
        goal = puzzle.is_goal(state)
        if goal is not True and goal is not False:
            raise RulesError(f"{self.cls.name}.is_goal gave {shown(goal)} of the state {shown(state)}; allowed: True or False")
        return goal

    def is_state(self, puzzle: Environment, state: Any) -> bool:
        return bool(puzzle.is_state(state))

    def steps(self, puzzle: Environment, state: Any) -> list[tuple[Any, Any, int]]:
        """The moves of a state, each with the state that it leads to and its cost."""
        moves = self._moves(puzzle, state)
        steps = []
        for move in moves:
            after = puzzle.apply(state, move)
            if after is None:
                raise RulesError(f"{self.cls.name}.apply gave None for the move {shown(move)} of the state {shown(state)}, which `moves` lists")
            cost = puzzle.cost(state, move)
            if not _is_int(cost) or not 0 <= cost < 2**32:
                raise RulesError(f"{self.cls.name}.cost gave {shown(cost)} for the move {shown(move)}; allowed: a whole number from 0 to {2**32 - 1}")
            steps.append((move, after, cost))
        return steps

    def _moves(self, puzzle: Environment, state: Any) -> list[Any]:
        found = puzzle.moves(state)
        if isinstance(found, Set):
            raise RulesError(f"{self.cls.name}.moves gave a set, whose order may be another one in each run; give a list, sorted")
        if isinstance(found, str) or not isinstance(found, Iterable):
            raise RulesError(f"{self.cls.name}.moves gave {shown(found)}; allowed: a list of moves")
        moves = []
        for move in found:
            moves.append(move)
            if len(moves) > self.cls.most_moves:
                raise RulesError(
                    f"{self.cls.name}.moves gave more than {self.cls.most_moves} moves of the state {shown(state)}; give fewer, or raise `most_moves`"
                )
        return moves

    def estimate(self, puzzle: Environment, heuristic: int, state: Any) -> int:
        chosen = self.heuristics[heuristic]
        estimate: int = getattr(puzzle, chosen.method)(state)
        if not _is_int(estimate) or not 0 <= estimate < 2**32:
            raise RulesError(f"{self.cls.name}.{chosen.method} gave {shown(estimate)} of the state {shown(state)}; allowed: a whole number from 0")
        return estimate

    # --- texts

    def state_text(self, puzzle: Environment, state: Any) -> str:
        return self._text(puzzle.state_text(state), "state_text")

    def move_text(self, puzzle: Environment, move: Any) -> str:
        return self._text(puzzle.move_text(move), "move_text")

    def goal_text(self, puzzle: Environment) -> str:
        return self._text(puzzle.goal_text(), "goal_text")

    def read_state(self, puzzle: Environment, text: str) -> Any:
        return puzzle.read_state(text)

    def _text(self, text: Any, method: str) -> str:
        if type(text) is not str:
            raise RulesError(f"{self.cls.name}.{method} gave {shown(text)}; allowed: a text")
        return text


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _heuristics(cls: type[Environment]) -> list[Heuristic]:
    found: dict[str, Heuristic] = {}
    for base in reversed(cls.__mro__):
        for method, value in base.__dict__.items():
            marked = getattr(value, "_sos_heuristic", None)
            if marked is not None:
                name, admissible, consistent, help = marked
                found[method] = Heuristic(name or method.replace("_", "-"), admissible, consistent, help, method)
    return list(found.values())


def plain(value: Any, name: str) -> Any:
    """A field as JSON."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise RulesError(f"{name}: found {shown(value)}; allowed: numbers of 64 bits")
        return int(value)
    if isinstance(value, float):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(item, name) for item in value]
    if isinstance(value, Set):
        return sorted(plain(item, name) for item in value)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: plain(item, name) for key, item in value.items()}
    raise RulesError(f"{name}: found {shown(value)}; allowed in a field: numbers, texts, and tuples of these")


def shaped(value: Any, wanted: Any, name: str) -> Any:
    """A JSON value in the type of a field. JSON's lists become tuples. Raises ValueError where it is of another type."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (typing.Union, types.UnionType):
        for one in arguments:
            try:
                return shaped(value, one, name)
            except ValueError:
                continue
    elif wanted in (int, str, bool, float, type(None)):
        fits = type(value) is wanted or (wanted is float and type(value) is int)
        if fits and not (wanted is int and not -(2**63) <= value < 2**63):
            return value
    elif wanted in (tuple, list, frozenset, dict) or origin in (tuple, list, frozenset, dict):
        return _collection(value, origin or wanted, arguments, name)
    else:
        return tuple(shaped(item, Any, name) for item in value) if isinstance(value, list) else value
    raise ValueError(f"{name}: found {shown(value)}; allowed: {getattr(wanted, '__name__', wanted) if origin is None else wanted}")


def _collection(value: Any, kind: Any, of: tuple[Any, ...], name: str) -> Any:
    if kind is dict:
        if isinstance(value, dict):
            return {key: shaped(item, of[1] if of else Any, name) for key, item in value.items()}
    elif isinstance(value, list):
        if kind is tuple and of and of[-1] is not Ellipsis:
            if len(of) == len(value):
                return tuple(shaped(item, one, name) for item, one in zip(value, of, strict=True))
            raise ValueError(f"{name}: found {shown(value)}; allowed: a list of {len(of)}")
        return kind(shaped(item, of[0] if of else Any, name) for item in value)
    raise ValueError(f"{name}: found {shown(value)}; allowed: a {'table' if kind is dict else 'list'}")
