"""Environments in Python: the rules of the program hold for them, and errors of their code come out as what they are."""

from __future__ import annotations

import heapq
import itertools
import json
import multiprocessing
import os
import pickle
import random
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import pytest

import stream_of_search as sos

sys.path.insert(0, str(Path(__file__).parent))

from own_environments import ALL, Ferry, Jugs, Pegs  # noqa: E402

NUMBER = itertools.count()
SEARCHES: dict[str, list[dict[str, Any]]] = {
    "py-jugs": [{"kind": "bfs"}, {"kind": "dfs", "max_nodes": 200}, {"kind": "astar", "heuristic": "unmet"}, {"kind": "annealing", "heuristic": "unmet", "steps": 40}],
    "py-pegs": [{"kind": "bfs"}, {"kind": "dfs"}, {"kind": "greedy", "heuristic": "left"}],
    "py-ferry": [{"kind": "uniform-cost"}, {"kind": "astar", "heuristic": "heaviest"}],
}
KINDS = ["wrong-state", "illegal-move", "unknown-node", "duplicate-node", "wrong-backtrack", "wrong-cost", "false-goal", "wrong-answer", "dropped-step", "repeated-step", "truncation"]


def recipe(env: type[sos.Environment], rows: int = 30, **more: Any) -> dict[str, Any]:
    return {
        "name": env.name,
        "dialect": "compact",
        "answer": True,
        "environment": {"name": env.name, "level": "easy"},
        "searches": SEARCHES.get(env.name, [{"kind": "bfs"}]),
        # Of the few puzzles of a broken class, a second split may have none.
        "splits": {"train": {"rows": rows, "share": 60}, **({"test": {"rows": rows // 3, "share": 40}} if env in ALL else {})},
        "records": [
            {"kind": "search"},
            {"kind": "optimal"},
            {"kind": "corrupted", "corruption": {"count": 1, "kinds": [{"kind": kind} for kind in KINDS]}},
            {"kind": "critique"},
            {"kind": "tree"},
            {"kind": "rl"},
        ],
        **more,
    }


def cheapest(puzzle: Any) -> int | None:
    """Dijkstra's algorithm on the class itself, without the package."""
    done, front, number = set(), [(0, 0, puzzle.start())], itertools.count(1)
    while front:
        cost, _, state = heapq.heappop(front)
        if puzzle.is_goal(state):
            return cost
        if state in done:
            continue
        done.add(state)
        for move in puzzle.moves(state):
            heapq.heappush(front, (cost + puzzle.cost(state, move), next(number), puzzle.apply(state, move)))
    return None


@pytest.mark.parametrize("env", ALL, ids=lambda env: env.name)
def test_the_laws_hold(env: type[sos.Environment]) -> None:
    sos.laws(env, count=4)


@pytest.mark.parametrize("env", ALL, ids=lambda env: env.name)
def test_costs_are_those_of_the_class(env: type[sos.Environment]) -> None:
    draw, settings = sos.Draw(7), ({} if env is Ferry else env.levels["easy"])
    found = []
    for _ in range(25):
        puzzle = env.generate(draw, **settings)
        facts = sos.prove(sos.Puzzle(env.name, puzzle.to_json()))
        assert (facts.optimal_cost, facts.solvable) == (cheapest(puzzle), cheapest(puzzle) is not None)
        found.append(facts.optimal_cost)
    assert len(set(found)) > 2


def test_costs_are_those_of_the_program() -> None:
    """The same rules in Rust: `water-jugs`."""
    for sizes in itertools.product(range(1, 6), repeat=2):
        for target in range(1, max(sizes) + 1):
            fields = {"sizes": list(sizes), "target": target}
            assert sos.prove(sos.Puzzle("py-jugs", fields)) == sos.prove(sos.Puzzle("water-jugs", fields)), fields


@pytest.mark.parametrize("env", ALL, ids=lambda env: env.name)
def test_rows_are_right_and_planted_defects_are_found(env: type[sos.Environment]) -> None:
    made = recipe(env)
    kinds = set()
    for config in ("search", "optimal", "corrupted", "critique"):
        for row in sos.load(made, config=config):
            verdict = sos.check_row(row)
            assert verdict.good, (config, row)
            if config == "corrupted":
                (defect,) = json.loads(row["defects"])
                kinds.add(defect["kind"])
                assert sos.check(sos.Puzzle.from_row(row), row["prompt"] + row["completion"], dialect="compact").valid is False or defect["kind"] == "wrong-answer"
    assert len(kinds) > 6


@pytest.mark.parametrize("dialect", ["compact", "stream-of-search", "prose", "events"])
@pytest.mark.parametrize("env", ALL, ids=lambda env: env.name)
def test_traces_are_valid_in_every_dialect(env: type[sos.Environment], dialect: str) -> None:
    draw = sos.Draw(3)
    for search in SEARCHES[env.name]:
        puzzle = next(puzzle for puzzle in (sos.Puzzle(env.name, env.generate(draw).to_json()) for _ in range(99)) if sos.prove(puzzle).solvable)
        trace = sos.trace(puzzle, search=search, dialect=dialect)
        verdict = sos.check(puzzle, trace.text, dialect=dialect)
        assert verdict.valid, (puzzle, search, verdict.first_error)
        assert verdict.solved == (trace.outcome == "solved")


def test_splits_are_disjoint_and_a_space_repeats_nothing() -> None:
    for env in ALL:
        made = recipe(env, rows=60)
        train, test = ({row["id"] for row in sos.load(made, split=split)} for split in ("train", "test"))
        assert train and test and not train & test
    rows = [row["id"] for split in ("train", "test") for row in sos.load(recipe(Ferry, rows=200), split=split)]
    assert len(rows) == len(set(rows)) == 266


def test_threads_and_processes_make_the_same_bytes(tmp_path: Path) -> None:
    for env in ALL:
        data = sos.load(recipe(env, rows=40), config="search")
        one, two = ([row for batch in data.batches(6, threads=threads) for row in batch.to_pylist()] for threads in (1, 2))
        assert one == two == list(data)
    sos.generate(recipe(Pegs), tmp_path / "one", threads=1)
    # Another process has another order of sets of strings.
    code = f"import sys, json; sys.path.insert(0, {str(Path(__file__).parent)!r}); import own_environments, stream_of_search as sos; sos.generate(json.loads(sys.argv[1]), sys.argv[2], threads=2)"
    environment = {**os.environ, "PYTHONHASHSEED": "4", "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code, json.dumps(recipe(Pegs)), str(tmp_path / "two")], env=environment, check=True)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.parquet"))
    assert len(files) > 4
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def first(data: sos.Dataset) -> Any:
    return data[0]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_other_processes_make_rows(method: str) -> None:
    data = sos.load(recipe(Jugs), config="search")
    data[0]
    with multiprocessing.get_context(method).Pool(1) as pool:
        assert pool.apply(first, (data,)) == data[0]
    assert pickle.loads(pickle.dumps(data))[3] == data[3]


def test_model_texts_never_raise() -> None:
    puzzle = sos.Puzzle("py-jugs", {"sizes": [3, 5], "target": 4})
    text = sos.trace(puzzle, search="bfs").text
    pick = random.Random(5)
    pieces = ["[ 9 9 ]", "[ ]", "[ 1 2 3 4 ]", "{ 3 }", "fill 7", "pour 0", "٣", "- 5", "999 ^ 999", "[ [ 3 ] 5 ]", "é", "\0", "[ " * 50, "\ud800"]
    for _ in range(200):
        words = text.split(" ")
        for _ in range(pick.randint(1, 3)):
            words[pick.randrange(len(words))] = pick.choice(pieces)
        sos.check(puzzle, " ".join(words), dialect="compact")
    (score,) = sos.score_many(["fill 0, pour 0 to 1, fill 9"], [puzzle], read="answer")
    assert not score.solved
    verdict = sos.check(puzzle, "fill 0 : [ 3 4 ] #1", dialect="compact")
    assert verdict.first_error is not None and verdict.first_error.error == "wrong-state"


# --- what an environment must not do


def broken(**changes: Any) -> type[sos.Environment]:
    """A class that counts up to a number, with some parts in the place of others."""
    parts: dict[str, Any] = {
        "__annotations__": {"goal": int},
        "__module__": __name__,
        "name": f"broken-{next(NUMBER)}",
        "help": "count up to a number",
        "words": ("up", "down"),
        "walks_turn_back": True,
        "generate": classmethod(lambda cls, draw, most=5: cls(draw.between(1, max(most, 1)))),
        "start": lambda self: 0,
        "is_goal": lambda self, state: state == self.goal,
        "moves": lambda self, state: (["up"] if state < 9 else []) + (["down"] if state > 0 else []),
        "apply": lambda self, state, move: state + (1 if move == "up" else -1),
    }
    return type("Broken", (sos.Environment,), {**parts, **changes})


def fail(*_: Any) -> Any:
    raise LookupError("the user's own words")


class Odd:
    """A state without a hash."""

    __hash__ = None  # type: ignore[assignment]


RULES: list[tuple[dict[str, Any], str]] = [
    ({"start": fail}, "start of the puzzle .* raised LookupError: the user's own words"),
    ({"apply": fail}, "moves in the state 0 of the puzzle .* raised LookupError: the user's own words"),
    ({"start": lambda self: [0]}, "cannot be hashed .*; states are values that do not change"),
    ({"start": lambda self: Odd()}, "cannot be hashed"),
    ({"start": lambda self: 0.5}, "cannot be written: there is no default for float; allowed: whole numbers"),
    ({"start": lambda self: True}, "there is no default for bool"),
    ({"start": lambda self: "3"}, "would be read as a number"),
    ({"start": lambda self: "left bank"}, "'left'|\"left\" is no number and none of `words`"),
    ({"start": lambda self: ("up down", 1)}, "in a tuple has several words"),
    ({"start": lambda self: "up  down"}, "two beside one another"),
    ({"start": lambda self: 2**70}, "beyond 64 bits"),
    ({"is_goal": lambda self, state: "yes"}, "is_goal gave 'yes' of the state 0; allowed: True or False"),
    ({"moves": lambda self, state: {"up"}}, "moves gave a set, whose order"),
    ({"moves": lambda self, state: None}, "moves gave None; allowed: a list of moves"),
    ({"moves": lambda self, state: "up"}, "moves gave 'up'; allowed: a list"),
    ({"moves": lambda self, state: ["up", "up"]}, 'two moves out of the state 0 have the text "up"'),
    ({"moves": lambda self, state: itertools.repeat("up")}, "more than 10000 moves"),
    ({"apply": lambda self, state, move: None}, "apply gave None"),
    ({"cost": lambda self, state, move: -1}, "cost gave -1"),
    ({"cost": lambda self, state, move: 1.5}, "cost gave 1.5"),
    ({"moves": lambda self, state: ["up"], "is_goal": lambda self, state: False, "most_states": 50}, "more than 50 states"),
    ({"apply": lambda self, state, move: (state, state), "moves": lambda self, state: ["up"], "is_goal": lambda self, state: False}, "is longer than 65536 bytes"),
    ({"start": lambda self: ("up",) * 30_000}, "is longer than 65536 bytes"),
    ({"goal_text": lambda self: "a: b"}, "has the sign :"),
    ({"state_text": lambda self, state: "up", "read_state": lambda self, text: 0}, "the state 1 has the text \"up\", which is read as 0"),
    ({"state_text": lambda self, state: "up", "read_state": lambda self, text: None}, "read as nothing"),
    ({"state_text": lambda self, state: 5, "read_state": lambda self, text: 0}, "state_text gave 5; allowed: a text"),
    ({"state_text": lambda self, state: f"cost {state}", "read_state": lambda self, text: 0, "words": ("cost", "up", "down")}, "cannot stand in a state"),
]


@pytest.mark.parametrize(("changes", "sentence"), RULES, ids=[str(number) for number in range(len(RULES))])
def test_wrong_rules_are_told_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    puzzle = sos.Puzzle(broken(**changes).name, {"goal": 3})
    with pytest.raises(sos.RulesError, match=sentence):
        trace = sos.trace(puzzle, search="bfs")
        sos.check(puzzle, trace.text, dialect="compact")


def test_the_traceback_of_the_class_is_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def apply(self: Any, state: int, move: str) -> int:
        return fail() if state == 2 else state + 1

    env = broken(moves=lambda self, state: ["up"], apply=apply)
    made = recipe(env, records=[{"kind": "search"}], environment={"name": env.name})
    puzzle = sos.Puzzle(env.name, {"goal": 4})
    calls = {
        "trace": lambda: sos.trace(puzzle, search="bfs"),
        "check": lambda: sos.check(puzzle, "up : 1 > #1 up : 2 > #2 up : 3 goal", dialect="compact"),
        "prove": lambda: sos.prove(puzzle),
        "rows": lambda: sos.load(made)[0],
        "batches": lambda: list(sos.load(made).batches(4, threads=2)),
        "generate": lambda: sos.generate(made, tmp_path / "data", threads=2),
        "scores": lambda: sos.score_many(["up, up, up, up"] * 600, [puzzle] * 600, read="answer", threads=2),
    }
    for name, call in calls.items():
        with pytest.raises(sos.RulesError) as caught:
            call()
            pytest.fail(name)
        cause = caught.value.__cause__
        assert isinstance(cause, LookupError), name
        assert any(frame.name == "fail" for frame in traceback.extract_tb(cause.__traceback__)), name
    assert "panicked" not in capfd.readouterr().err
    # The same process goes on.
    assert sos.trace(sos.Puzzle("py-jugs", {"sizes": [3, 5], "target": 4}), search="bfs").outcome == "solved"


def test_an_interrupt_stays_an_interrupt() -> None:
    def interrupt(self: Any, state: int) -> list[str]:
        raise KeyboardInterrupt

    env = broken(moves=interrupt)
    with pytest.raises(KeyboardInterrupt):
        sos.trace(sos.Puzzle(env.name, {"goal": 3}), search="bfs")
    with pytest.raises(KeyboardInterrupt):
        sos.load(recipe(env, records=[{"kind": "search"}], environment={"name": env.name}))[0]
    with pytest.raises(KeyboardInterrupt):
        sos.laws(env)


def test_rules_may_use_the_package_and_threads_do_not_lock_up() -> None:
    def moves(self: Any, state: int) -> list[str]:
        sos.prove(sos.Puzzle("py-jugs", {"sizes": [2, 3], "target": 1}))
        return ["up"] if state < 6 else []

    env = broken(moves=moves)
    made = recipe(env, records=[{"kind": "search"}], environment={"name": env.name})
    seen: list[int] = []
    workers = [threading.Thread(target=lambda: seen.append(sum(1 for _ in sos.load(made).batches(3, threads=2)))) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert seen == [10, 10, 10]


CLASSES: list[tuple[dict[str, Any], str]] = [
    ({"name": "no good"}, "name: found 'no good'; allowed: letters, digits and hyphens"),
    ({"name": "countdown"}, "there is an environment of this name"),
    ({"help": ""}, "help: found ''"),
    ({"start": sos.Environment.start}, "lacks the method `start`"),
    ({"generate": lambda cls, draw: None}, "put @classmethod above it"),
    ({"generate": classmethod(lambda cls, draw, most: None)}, "the setting most has no default"),
    ({"generate": classmethod(lambda cls, draw, **more: None)}, "settings by name"),
    ({"generate": classmethod(lambda cls, draw, most=object(): None)}, "JSON cannot write"),
    ({"levels": {"esay": {}}}, "levels: found 'esay'; allowed: easy, medium, hard"),
    ({"levels": {"easy": {"mots": 3}}}, "levels: easy: found 'mots'; allowed: most"),
    ({"words": "up"}, "allowed: a list of words"),
    ({"words": ["two words"]}, "has a space"),
    ({"words": ["a,b"]}, "has the sign ,"),
    ({"words": ["12"]}, "is a number"),
    ({"state_text": lambda self, state: "up"}, "go together"),
    ({"solvable": "maybe"}, "solvable: found 'maybe'"),
    ({"most_states": 0}, "most_states: found 0"),
    ({"__annotations__": {"help": int}}, "the field help has the name of a part"),
]


@pytest.mark.parametrize(("changes", "sentence"), CLASSES, ids=[str(number) for number in range(len(CLASSES))])
def test_wrong_classes_are_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(sos.RequestError, match=sentence):
        broken(**changes)


def test_wrong_puzzles_and_settings_are_refused() -> None:
    for fields, sentence in [
        ({"sizes": [3, "x"], "target": 4}, "sizes: found 'x'; allowed: int"),
        ({"sizes": 3, "target": 4}, "sizes: found 3; allowed: a list"),
        ({"sizes": [3, 5]}, "missing field `target`"),
        ({"sizes": [3, 5], "target": 4, "more": 1}, "unknown field `more`"),
        ({"sizes": [], "target": 4}, "sizes: one or more numbers from 1"),
        ({"sizes": [3], "target": True}, "target: found True; allowed: int"),
        ({"sizes": [3], "target": 1e300}, "target: found 1e[+]300; allowed: int"),
    ]:
        with pytest.raises(sos.RequestError, match=sentence):
            sos.Puzzle("py-jugs", fields)
    for settings, sentence in [
        ({"largset": 3}, "unknown field `largset`.*did you mean \"largest\""),
        ({"largest": "3"}, 'largest: found "3"; allowed: a whole number'),
        ({"largest": 0}, "jugs and largest from 1"),
    ]:
        with pytest.raises(sos.RecipeError, match=sentence):
            sos.load(recipe(Jugs, environment={"name": "py-jugs", **settings}))


class Memory:
    """What a rule must not have."""

    calls = 0


def flips(self: Any, state: int) -> list[str]:
    Memory.calls += 1
    return ["up", "down"] if Memory.calls % 2 else ["down", "up"]


LAWS: list[tuple[dict[str, Any], str, str]] = [
    ({"far": sos.heuristic("too far")(lambda self, state: abs(self.goal - state) + (state == 1))}, "Heuristics", "estimate"),
    ({"moves": flips, "most_states": 200, "apply": lambda self, state, move: (state + (1 if move == "up" else 9)) % 10}, "Successors", "successors"),
    ({"positions_recur": False}, "Structure", "About::positions_recur"),
    ({"generate": classmethod(lambda cls, draw, most=5: cls(random.randrange(1, 10**9) % 9 + 1))}, "Generation", "generate"),
    ({"generate": classmethod(lambda cls, draw, most=5: None)}, "Generation", "generate"),
    ({"space": classmethod(lambda cls, most=5: 5), "at": classmethod(lambda cls, index, draw, most=5: cls(1))}, "Space", "at"),
    ({"canonical": lambda self: type(self)(max(self.goal - 1, 0))}, "Identity", "canonical"),
    ({"is_goal": lambda self, state: fail() if state == 2 else state == self.goal}, "", ""),
]


@pytest.mark.parametrize(("changes", "law", "item"), LAWS, ids=[f"{number}-{law}" for number, (_, law, _) in enumerate(LAWS)])
def test_broken_laws_are_named_with_a_small_puzzle(changes: dict[str, Any], law: str, item: str) -> None:
    if "far" in changes:
        changes["far"].__name__ = "far"
    with pytest.raises(sos.LawError) as caught:
        sos.laws(broken(**changes), count=10)
    error = caught.value
    if law:
        assert (error.law, error.item) == (law, item), error
    assert error.expected and "src/" not in str(error)
    if law in ("Heuristics", "Successors"):
        assert error.puzzle is not None and error.puzzle["goal"] <= 2, error
    if "is_goal" in changes:
        assert isinstance(error.__cause__, sos.RulesError) and isinstance(error.__cause__.__cause__, LookupError)


def test_a_class_can_be_defined_again() -> None:
    name = broken().name
    data = sos.load(recipe(broken(name=name), records=[{"kind": "search"}], environment={"name": name}))
    before = data[0]
    env = broken(name=name, apply=lambda self, state, move: state + (2 if move == "up" else -1), far=sos.heuristic("none")(lambda self, state: 0))
    assert sos.prove(sos.Puzzle(name, {"goal": 4})).optimal_cost == 2
    assert sos.trace(sos.Puzzle(name, {"goal": 4}), search={"kind": "astar", "heuristic": "far"}).outcome == "solved"
    # What was open goes on with the old class.
    assert data[0] == before
    sos.register(env)


def test_draws() -> None:
    draws = [sos.Draw(3), sos.Draw(3)]
    one, two = ([draw.below(10), draw.between(-5, 5), draw.choose("abc"), draw.chance(1, 2), draw.weighted([0, 3, 1]), draw.shuffled(range(5)), draw.sample([1, 2, 3], 2)] for draw in draws)
    assert one == two and one != [sos.Draw(4).below(10), *one[1:]] or one[0] == sos.Draw(4).below(10)
    assert sorted(one[5]) == [0, 1, 2, 3, 4] and -5 <= one[1] <= 5
    for call in (lambda draw: draw.below(0), lambda draw: draw.between(3, 2), lambda draw: draw.choose([]), lambda draw: draw.weighted([0]), lambda draw: draw.sample([1], 2), lambda draw: draw.chance(1, 0)):
        with pytest.raises(ValueError, match="allowed"):
            call(sos.Draw(1))


def test_fields_that_are_tuples_have_the_tokens_of_states() -> None:
    tok = sos.tokenizer("compact")

    def prompts(env: type[sos.Environment]) -> list[str]:
        data = sos.load(recipe(env, records=[{"kind": "search"}], splits={"train": {"rows": 50}}))
        return [row["prompt"] for row in data]

    class Row(Pegs):
        name = "py-row"
        board: tuple[str, ...]

        @classmethod
        def generate(cls, draw: sos.Draw, length: int = 7) -> Row:
            return cls(tuple(Pegs.generate(draw, length).board))

        def start(self) -> str:
            return "".join(self.board)

    pieces = {place for place, token in enumerate(tok.tokens()) if token.startswith("##")}
    for env in (Jugs, Row):
        assert not any({tok.unk_id, *pieces} & set(tok.encode(prompt)) for prompt in prompts(env))
    # Strings are spelled, or unknown.
    assert all(pieces & set(tok.encode(prompt)) for prompt in prompts(Pegs))
    assert tok.unk_id in tok.encode("öö_ö")
