"""Environments of your own: a class that says what a puzzle is.

A class with a `name` is an environment of that name as soon as it exists. Every search, dialect, record, corruption, check and split then works on
its puzzles: `sos.load({"environment": {"name": ...}, ...})`, `sos.trace`, `sos.check`, `sos.generate`.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

from . import _core
from ._bridge import Bridge, shown
from ._core import Draw, RulesError

__all__ = ["Draw", "Environment", "LawError", "RulesError", "heuristic", "laws", "register"]

State = Hashable
Move = Hashable
_LEVELS = ("easy", "medium", "hard")
#: The classes by name.
_REGISTERED: dict[str, type[Environment]] = {}
_Method = TypeVar("_Method", bound=Callable[..., int])


def heuristic(
    help: str, *, admissible: bool = True, consistent: bool = True, name: str | None = None
) -> Callable[[_Method], _Method]:
    """Makes a method a heuristic: it takes a state and gives a whole number, the estimated cost to the nearest goal.

    help: one line for people. admissible: it is never above the true cost. consistent: no step lowers it by more than the step costs.
    name: its name in recipes; by default that of the method, with hyphens for underscores. `sos.laws` tests what is declared.
    """

    def mark(method: _Method) -> _Method:
        method._sos_heuristic = (name, bool(admissible), bool(consistent), help)  # type: ignore[attr-defined]
        return method

    return mark


class Environment:
    """A kind of puzzles. A subclass declares the fields of a puzzle, as a dataclass does, and the rules as methods.

    Five methods are needed: `start`, `is_goal`, `moves`, `apply`, `generate`. Fields are integers, strings, and tuples of these; a puzzle is
    written as JSON with these fields, and does not change. A state or a move is a value that can be hashed. By default integers, strings of
    words, tuples and frozensets of these are written and read as they are; other values need `state_text` and `read_state`, or `move_text`.

    The subclass becomes a frozen dataclass, and is registered under its `name` when it is made. A later class of the same name takes its place.
    """

    #: The name in recipes and requests: letters, digits and hyphens. A class without one is not registered.
    name: ClassVar[str] = ""
    #: One line that says what the puzzle is. Prompts in plain English show it.
    help: ClassVar[str] = ""
    #: Raise it when the bytes of rows change.
    version: ClassVar[int] = 1
    #: What a state is called in the dialect `stream-of-search`.
    state_noun: ClassVar[str] = "State"
    #: All words in texts of states, moves and goals, numbers apart. A string that is in the puzzle itself needs no declaration.
    words: ClassVar[Sequence[str]] = ()
    #: Settings of the levels `easy`, `medium`, `hard`; what is left out has its default.
    levels: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    #: Whether a walk can come back to a state, or two ways can lead to one.
    positions_recur: ClassVar[bool] = True
    #: Whether a walk that went wrong can still come to a goal. Searches that only walk on from where they are need it.
    walks_turn_back: ClassVar[bool] = False
    #: Which puzzles rows may have: `"yes"` solvable ones, `"no"` those without a solution, `"any"` both.
    solvable: ClassVar[str] = "yes"
    #: Most states that one puzzle may have. Proofs visit them all, so a puzzle with more is an error.
    most_states: ClassVar[int] = 100_000
    #: Most moves out of one state.
    most_moves: ClassVar[int] = 10_000

    # --- rules

    def start(self) -> Any:
        """The state in which the puzzle begins."""
        raise NotImplementedError

    def is_goal(self, state: Any) -> bool:
        """Whether a state solves the puzzle."""
        raise NotImplementedError

    def moves(self, state: Any) -> Iterable[Any]:
        """The legal moves of a state, always in the same order. A goal may still have moves."""
        raise NotImplementedError

    def apply(self, state: Any, move: Any) -> Any:
        """The state that a legal move leads to. The given state must not change."""
        raise NotImplementedError

    def cost(self, state: Any, move: Any) -> int:
        """The cost of a legal move: an integer of 0 or more; 1 by default."""
        return 1

    # --- generator

    @classmethod
    def generate(cls, draw: Draw, **settings: Any) -> Environment | None:
        """Draws a puzzle; None draws again. All chance comes from `draw`. Each setting is a keyword argument with a default that JSON can write."""
        raise NotImplementedError

    @classmethod
    def check(cls, **settings: Any) -> None:
        """Refuses settings by a ValueError that says what is allowed."""

    @classmethod
    def space(cls, **settings: Any) -> int | None:
        """How many puzzles there are, if they can be numbered. Rows then walk through the numbers, and no puzzle comes twice."""
        return None

    @classmethod
    def at(cls, index: int, draw: Draw, **settings: Any) -> Environment | None:
        """The puzzle with a number below `space`; None where there is none. Different numbers are different puzzles."""
        return None

    # --- texts

    def state_text(self, state: Any) -> str:
        """A state as words with single spaces between them. With it goes `read_state`."""
        raise NotImplementedError

    def read_state(self, text: str) -> Any:
        """The state of a text of `state_text`. For any other text: None, or an error."""
        raise NotImplementedError

    def move_text(self, move: Any) -> str:
        """A move as words with single spaces between them, different for each move of a state. Moves need not be read."""
        raise NotImplementedError

    def goal_text(self) -> str:
        """The goal in words. The header of a prompt tells all fields, so it need not say everything."""
        return "solved"

    # --- puzzles

    def validate(self) -> None:
        """Refuses a puzzle by a ValueError that says what is allowed. Fields have the types of their annotations already."""

    def canonical(self) -> Environment:
        """The puzzle that stands for all that differ only in how they are shown."""
        return self

    def is_state(self, state: Any) -> bool:
        """Whether a value that was read from a text is a state at all: of the right shape, reachable or not."""
        return True

    def to_json(self) -> dict[str, Any]:
        """The puzzle as JSON: its fields."""
        fields: dict[str, Any] = json.loads(Bridge.of(type(self)).json(self))
        return fields

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        own = cls.__dict__.get("__annotations__", {})
        taken = [field for field in own if hasattr(Environment, field) and "ClassVar" not in str(own[field])]
        if taken:
            raise _core.RequestError(f"{cls.__name__}: the field {taken[0]} has the name of a part of every environment; choose another name")
        dataclasses.dataclass(frozen=True)(cls)
        if cls.name:
            register(cls)


def register(cls: type[Environment]) -> type[Environment]:
    """Makes a class an environment of the program, under its `name`. Classes with a name are registered when they are made; this registers one
    again, in the place of another class of its name.

    Raises RequestError where the class lacks something: the part, what was found, what is allowed.
    """
    if not (isinstance(cls, type) and issubclass(cls, Environment)):
        raise _core.RequestError(f"register: found {shown(cls)}; allowed: a subclass of Environment")
    problem = _problem(cls)
    if problem:
        raise _core.RequestError(f"{cls.__name__}: {problem}")
    bridge = Bridge.of(cls)
    _core.register_environment(_listing(cls, bridge), bridge)
    _REGISTERED[cls.name] = cls
    return cls


def named_in(recipe: str) -> tuple[type[Environment], ...]:
    """The classes that a recipe names. A pickle of a dataset has them, so that they are imported, and so registered, where it is read."""
    return tuple(cls for name, cls in _REGISTERED.items() if f'"{name}"' in recipe)


def _problem(cls: type[Environment]) -> str | None:
    """What keeps a class from being an environment."""
    if not isinstance(cls.name, str) or not cls.name or not all(sign.isascii() and (sign.isalnum() or sign == "-") for sign in cls.name):
        return f"name: found {cls.name!r}; allowed: letters, digits and hyphens"
    if not isinstance(cls.help, str) or not cls.help.strip() or "\n" in cls.help:
        return f"help: found {cls.help!r}; allowed: one line that says what the puzzle is"
    for method in ("start", "is_goal", "moves", "apply", "generate"):
        if getattr(cls, method) == getattr(Environment, method) or _same(cls, method):
            return f"it lacks the method `{method}`"
    for method in ("generate", "check", "space", "at"):
        if not isinstance(inspect.getattr_static(cls, method), (classmethod, staticmethod)):
            return f"{method}: found a method of a puzzle; put @classmethod above it"
    if _own(cls, "state_text") != _own(cls, "read_state"):
        return "`state_text` and `read_state` go together; it has only one of them"
    if cls.solvable not in ("yes", "no", "any"):
        return f'solvable: found {cls.solvable!r}; allowed: "yes", "no", "any"'
    if isinstance(cls.words, str) or not all(isinstance(word, str) for word in cls.words):
        return f"words: found {cls.words!r}; allowed: a list of words"
    unknown = [level for level in cls.levels if level not in _LEVELS]
    if unknown:
        return f"levels: found {unknown[0]!r}; allowed: {', '.join(_LEVELS)}"
    for number, least in (("version", 1), ("most_states", 1), ("most_moves", 1)):
        found = getattr(cls, number)
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found < 2**31:
            return f"{number}: found {found!r}; allowed: a whole number from {least}"
    return None


def _same(cls: type[Environment], method: str) -> bool:
    return inspect.getattr_static(cls, method) is inspect.getattr_static(Environment, method)


def _own(cls: type[Environment], method: str) -> bool:
    return not _same(cls, method)


def _settings(cls: type[Environment]) -> dict[str, Any]:
    """The settings of the generator, with their defaults."""
    parameters = list(inspect.signature(cls.generate).parameters.values())
    if not parameters:
        raise _core.RequestError(f"{cls.__name__}: generate: found no arguments; allowed: a draw, and settings with defaults")
    defaults = {}
    for parameter in parameters[1:]:
        if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL, parameter.POSITIONAL_ONLY):
            raise _core.RequestError(f"{cls.__name__}: generate: found {parameter}; allowed: settings by name, each with a default")
        if parameter.default is parameter.empty:
            raise _core.RequestError(f"{cls.__name__}: generate: the setting {parameter.name} has no default")
        defaults[parameter.name] = parameter.default
    return defaults


def _json(cls: type[Environment], what: str, value: Any) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise _core.RequestError(f"{cls.__name__}: {what}: JSON cannot write {shown(value)}: {error}") from None


def _listing(cls: type[Environment], bridge: Bridge) -> dict[str, Any]:
    defaults = _settings(cls)
    levels = []
    for level in _LEVELS:
        settings = dict(cls.levels.get(level, {}))
        unknown = [setting for setting in settings if setting not in defaults]
        if unknown:
            raise _core.RequestError(
                f"{cls.__name__}: levels: {level}: found {unknown[0]!r}; allowed: {', '.join(defaults) or 'nothing, since generate has no settings'}"
            )
        levels.append(_json(cls, "levels", settings))
    return {
        "name": cls.name,
        "version": cls.version,
        "help": cls.help.strip(),
        "state_noun": cls.state_noun,
        "heuristics": [(one.name, one.admissible, one.consistent, one.help) for one in bridge.heuristics],
        "positions_recur": bool(cls.positions_recur),
        "walks_turn_back": bool(cls.walks_turn_back),
        "words": [*cls.words, "solved"],
        "fields": [field.name for field in dataclasses.fields(cls)],  # type: ignore[arg-type]
        "defaults": _json(cls, "generate", defaults),
        "levels": levels,
        "solvable": cls.solvable,
        "most_states": cls.most_states,
        "own_states": _own(cls, "state_text"),
        "own_moves": _own(cls, "move_text"),
        "has_canonical": _own(cls, "canonical"),
        "has_check": _own(cls, "check"),
        "has_space": _own(cls, "space"),
    }


class LawError(_core.SosError):
    """A law that an environment breaks.

    law: its name. item: the method, or the part that is made of it. says, expected: what it gave, and what it should give.
    puzzle, settings: the smallest that were found, as JSON; None where there is none. cause: the error that the environment's code raised.
    """

    def __init__(self, environment: str, found: Mapping[str, Any]) -> None:
        self.law: str = found["law"]
        self.item: str = found["item"]
        self.says: str = found["says"]
        self.expected: str = found["expected"]
        self.puzzle: dict[str, Any] | None = json.loads(found["puzzle"]) if found["puzzle"] else None
        self.settings: dict[str, Any] | None = json.loads(found["settings"]) if found["settings"] else None
        self.cause: BaseException | None = found["cause"]
        lines = [f"{environment} breaks the law {self.law}: `{self.item}`", f"  says:     {self.says}", f"  expected: {self.expected}"]
        lines += [f"  {name}: {' ' * (8 - len(name))}{found[name]}" for name in ("puzzle", "settings") if found[name]]
        if found["first"]:
            lines.append(f"  found on: {found['first']}")
        super().__init__("\n".join(lines))


def laws(
    environment: type[Environment], *, settings: Sequence[Mapping[str, Any]] | None = None, seed: int = 1, count: int = 20
) -> None:
    """Tests the laws that every environment keeps, on puzzles that are drawn.

    settings: the settings to draw from, each a dict; by default those of the levels and the defaults. count: puzzles of each.

    Raises LawError for the first law that is broken, with the smallest puzzle on which it is. An error of the environment's own code is its cause.
    """
    register(environment)
    chosen = settings if settings is not None else [*(environment.levels.get(level, {}) for level in _LEVELS), {}]
    texts = list(dict.fromkeys(_json(environment, "settings", dict(one)) for one in chosen))
    found = _core.environment_laws(environment.name, texts, seed, count)
    if found is not None:
        raise LawError(environment.name, found) from found["cause"]
