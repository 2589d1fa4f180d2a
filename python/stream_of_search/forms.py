"""Which rows have which of the shapes that trainers take, and how they get them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ._core import RequestError

Row = dict[str, Any]

# A type of a column: that of a value, of a list ([type]), or of a record ({name: type}).
TEXT, FLAG, WHOLE, NUMBER = "string", "bool", "int64", "double"
MESSAGES = [{"role": TEXT, "content": TEXT}]


@dataclass(frozen=True)
class Form:
    """How rows get a shape."""

    columns: dict[str, Any]
    """Columns of the shape, with their types."""
    needs: tuple[str, ...]
    """Columns that it reads."""
    make: Callable[[Row], list[Row]]
    """The rows of the shape that a row of the dataset becomes."""
    each: int = 1
    """How many these are, the same number for all rows."""


def _one(columns: dict[str, Any], needs: tuple[str, ...], make: Callable[[Row], Row]) -> Form:
    return Form(columns, needs, lambda row: [make(row)])


def _same(columns: dict[str, Any]) -> Form:
    """A form whose columns the rows have already."""
    return _one(columns, tuple(columns), lambda row: {name: row[name] for name in columns})


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


_PAIR = {"prompt": TEXT, "completion": TEXT}
_LM = _one({"text": TEXT}, tuple(_PAIR), lambda row: {"text": row["prompt"] + row["completion"]})
_TURNS = _one(
    {"messages": MESSAGES},
    tuple(_PAIR),
    lambda row: {"messages": [_turn("user", row["prompt"]), _turn("assistant", row["completion"])]},
)
_LAST_TURN = _one(
    {"prompt": MESSAGES, "completion": MESSAGES},
    ("messages",),
    lambda row: {"prompt": row["messages"][:-1], "completion": row["messages"][-1:]},
)


def _rollouts(row: Row) -> list[Row]:
    texts = zip(row["completions"], row["rewards"], strict=True)
    return [{"id": row["id"], "prompt": row["prompt"], "completion": text, "reward": float(reward)} for text, reward in texts]


_ROLLOUT = {"id": TEXT, "prompt": TEXT, "completion": TEXT, "reward": NUMBER}


@dataclass(frozen=True)
class Question:
    """The prompt of a row for a model that is rewarded, and how its answer is read."""

    column: str
    """The column with the prompt: `prompt`, or `messages`, whose last turn is the answer."""
    kind: Any
    """The type of the prompt: text or messages."""
    read: str
    """`trace`, `answer` or `auto`, as in `score_many`."""

    def prompt(self, row: Row) -> Any:
        """The prompt, as the row has it."""
        return row["messages"][:-1] if self.column == "messages" else row["prompt"]

    def turns(self, row: Row) -> list[dict[str, str]]:
        """The prompt as messages."""
        prompt = self.prompt(row)
        return [_turn("user", prompt)] if isinstance(prompt, str) else prompt

    def truth(self, row: Row) -> str:
        """What the reward needs, as JSON: a request of a check without its text."""
        dialect = f'"dialect":"{row["dialect"]}",' if self.read != "answer" else ""
        return f'{{"env":"{row["env"]}","read":"{self.read}",{dialect}"puzzle":{row["puzzle"]}}}'


def _rl(question: Question) -> Form:
    facts = {"difficulty": WHOLE, "optimal_cost": WHOLE, "solutions": WHOLE}
    columns = {"prompt": question.kind, "id": TEXT, "env": TEXT, "puzzle": TEXT, "read": TEXT, "dialect": TEXT, **facts}
    own = tuple(name for name in columns if name not in ("prompt", "read"))

    def make(row: Row) -> Row:
        made = {"prompt": question.prompt(row), "read": question.read} | {name: row[name] for name in own}
        return {name: made[name] for name in columns}

    return _one(columns, (question.column, *own), make)


def _verl(question: Question) -> Form:
    info = {"split": TEXT, "index": WHOLE, "id": TEXT, "difficulty": WHOLE}
    columns = {
        "data_source": TEXT,
        "prompt": MESSAGES,
        "ability": TEXT,
        "reward_model": {"style": TEXT, "ground_truth": TEXT},
        "extra_info": info,
    }

    def make(row: Row) -> Row:
        return {
            "data_source": row["env"],
            "prompt": question.turns(row),
            "ability": "search",
            "reward_model": {"style": "rule", "ground_truth": question.truth(row)},
            "extra_info": {name: row[name] for name in info},
        }

    return _one(columns, (question.column, "env", "puzzle", "dialect", *info), make)


def _nemo_gym(question: Question) -> Form:
    facts = {"id": TEXT, "env": TEXT, "puzzle": TEXT, "dialect": TEXT, "split": TEXT, "index": WHOLE, "difficulty": WHOLE}
    columns = {
        "responses_create_params": {"input": MESSAGES},
        "question": TEXT,
        "answer": TEXT,
        "metadata": facts | {"read": TEXT},
    }

    def make(row: Row) -> Row:
        turns = question.turns(row)
        return {
            "responses_create_params": {"input": turns},
            "question": turns[-1]["content"],
            "answer": row["answer"],
            "metadata": {name: row[name] for name in facts} | {"read": question.read},
        }

    return _one(columns, (question.column, "answer", *facts), make)


# What rows have, of which kinds of record, and in which shapes they come.
_KINDS = {
    "trace": (
        "search optimal direct answer corrupted swapped success-only shortened truncated return-conditioned random-walk dropped detours tree subgoal "
        "backtrack imitation"
    ),
    "judgement": "critique criteria comparison",
    "conversation": "messages correction",
    "preference": "preference",
    "unpaired": "unpaired",
    "stepwise": "stepwise",
    "group": "group",
    "rl": "rl",
}
_OF_KIND = {kind: source for source, kinds in _KINDS.items() for kind in kinds.split()}
_IMITATED = ("noisy", "verified", "oracle")

_ASKED = Question("prompt", TEXT, "trace")
_QUESTIONS = {
    **dict.fromkeys(("trace", "preference", "unpaired", "stepwise", "group"), _ASKED),
    "conversation": Question("messages", MESSAGES, "trace"),
    # The prompt asks for an answer in plain English, and the row's own reply is a trace.
    "conversation in plain English": Question("messages", MESSAGES, "auto"),
    "rl": Question("prompt", MESSAGES, "answer"),
}
_CONVERSATIONS = ("conversation", "conversation in plain English")

#: Of each shape the rows that have it, and how.
SHAPES: dict[str, dict[str, Form]] = {
    "lm": dict.fromkeys(("trace", "judgement"), _LM),
    "sft": {**dict.fromkeys(("trace", "judgement"), _same(_PAIR)), **dict.fromkeys(_CONVERSATIONS, _LAST_TURN)},
    "messages": {**dict.fromkeys(("trace", "judgement"), _TURNS), **dict.fromkeys(_CONVERSATIONS, _same({"messages": MESSAGES}))},
    "preference": {"preference": _same({"prompt": TEXT, "chosen": TEXT, "rejected": TEXT})},
    "unpaired": {"unpaired": _same(_PAIR | {"label": FLAG})},
    "stepwise": {"stepwise": _same({"prompt": TEXT, "completions": [TEXT], "labels": [FLAG]})},
    "rollouts": {"group": Form(_ROLLOUT, ("id", "prompt", "completions", "rewards"), _rollouts)},
    "rl": {source: _rl(question) for source, question in _QUESTIONS.items()},
    "verl": {source: _verl(question) for source, question in _QUESTIONS.items()},
    "nemo-gym": {source: _nemo_gym(question) for source, question in _QUESTIONS.items()},
}

_REWARDED = ("rl", "verl", "nemo-gym")
#: Rows of a `group` where a recipe does not say it.
_GROUP_SIZE = 8


def source_of(kind: Mapping[str, Any], instruct: bool) -> str:
    """What the rows of a kind of record have. `kind` has its settings too; `instruct` says whether prompts are in plain English."""
    name: str = kind["kind"]
    if name == "critique" and kind.get("arm") in _IMITATED:
        return "trace"
    if name == "messages" and instruct:
        return "conversation in plain English"
    return _OF_KIND.get(name, name)


def form_of(shape: str, kinds: Sequence[Mapping[str, Any]], instruct: bool, config: str) -> Form:
    """How the rows of a record config get a shape. Raises RequestError where they cannot.

    kinds: the kinds of record of the config, with their settings; several where it is a mixture.
    """
    forms = SHAPES.get(shape) if isinstance(shape, str) else None
    if forms is None:
        raise RequestError(f"shape: found {shape!r}; the shapes are: {', '.join(SHAPES)}")
    sources = list(dict.fromkeys(source_of(kind, instruct) for kind in kinds))
    form, *others = [forms.get(source) for source in sources]
    sizes = {kind.get("size", _GROUP_SIZE) if shape == "rollouts" else 1 for kind in kinds}
    if form is None or any(other is not form for other in others) or len(sizes) > 1:
        raise RequestError(f"shape: the record config {config} has no shape {shape}; {_has(sources, shape)}. {_reason(shape, sources)}")
    return replace(form, each=sizes.pop())


def _has(sources: Sequence[str], but: str) -> str:
    fitting = [name for name, forms in SHAPES.items() if name != but and all(source in forms for source in sources)]
    return f"it has the shapes {', '.join(fitting)}" if fitting else "it has none of the shapes"


def _reason(shape: str, sources: Sequence[str]) -> str:
    missing = [source for source in sources if source not in SHAPES[shape]]
    if not missing:
        return "Its components are groups of different sizes"
    if shape == "lm" and missing[0] in _CONVERSATIONS:
        return "The chat template of a model makes one text of a conversation: take the shape messages, and the trainer applies it"
    if shape in _REWARDED and missing[0] == "judgement":
        return "Its prompts ask about candidates, and the reward is for answers to puzzles"
    return f"The shape {shape} is for {_WHOSE.get(shape, 'configs with one completion to learn (search, optimal, critique and others)')}"


_WHOSE = {
    **{name: f"configs of the kind {name}" for name in ("preference", "unpaired", "stepwise")},
    "rollouts": "configs of the kind group",
    "messages": "configs with one completion to learn, or with messages",
    "sft": "configs with one completion to learn, or with messages",
}
