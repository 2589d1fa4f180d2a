"""The strategies for Hypothesis: what they give is what they say, and they find planted bugs and make them small."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import stream_of_search as sos
from stream_of_search.strategies import Answered, Damaged, Traced, answers, damaged_traces, hostile_texts, puzzles, traces

sys.path.insert(0, str(Path(__file__).parent))

from own_environments import Jugs, Pegs  # noqa: E402

few = settings(max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
ENVIRONMENTS = ["countdown", "water-jugs", "maze", Jugs, Pegs]


def names(env: Any) -> str:
    return env if isinstance(env, str) else env.name


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=names)
def test_puzzles_are_solvable_puzzles_of_the_environment(env: Any) -> None:
    sizes = set()

    @few
    @given(puzzles(env))
    def holds(puzzle: sos.Puzzle) -> None:
        assert puzzle.env == names(env) and sos.prove(puzzle).solvable
        sizes.add(puzzle.json)

    holds()
    assert len(sizes) > 1


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=names)
def test_clean_traces_are_valid_and_damaged_ones_have_their_first_error(env: Any) -> None:
    searches, kinds = set(), set()

    @few
    @given(traces(env, dialect="stream-of-search" if env == "countdown" else "compact"))
    def clean(traced: Traced) -> None:
        verdict = sos.check(traced.puzzle, traced.text, dialect=traced.dialect)
        assert verdict.valid, verdict.first_error
        searches.add(traced.search["kind"])

    @few
    @given(damaged_traces(env))
    def damaged(case: Damaged) -> None:
        assert sos.check(case.puzzle, case.clean, dialect=case.dialect).valid
        error = sos.check(case.puzzle, case.text, dialect=case.dialect).first_error
        assert error is not None and error.error == case.defect.error and case.text != case.clean
        if case.defect.span[0] < case.defect.span[1]:
            assert error.span[0] < case.defect.span[1] and case.defect.span[0] < error.span[1]
        kinds.add(case.defect.kind)

    clean()
    damaged()
    assert len(searches) > 2 and len(kinds) > 3


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=names)
def test_answers_are_what_they_say(env: Any) -> None:
    truths = []

    @few
    @given(answers(env))
    def holds(answered: Answered) -> None:
        verdict = sos.check(answered.puzzle, answered.text, dialect=answered.dialect)
        assert verdict.solved == answered.right and (not answered.right or verdict.cost == answered.cost)
        (score,) = sos.score_many([answered.plain], [answered.puzzle], read="answer")
        assert score.solved == answered.right or answered.plain == ""
        truths.append(answered.right)

    holds()
    assert 3 < sum(truths) < len(truths) - 3


def test_hostile_texts_are_many_and_do_not_break_the_checker() -> None:
    puzzle = sos.Puzzle("countdown", {"numbers": [3, 5, 7], "target": 22})
    like = sos.trace(puzzle).text
    seen: list[str] = []

    @settings(max_examples=200, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(hostile_texts(like))
    def lives(text: str) -> None:
        seen.append(text)
        sos.check(puzzle, text, dialect="compact")

    lives()
    assert like in seen and len(set(seen)) > 100
    assert max(map(len, seen)) > len(like) + 100 and any(not text.isascii() for text in seen)


# --- planted bugs


def visited(text: str) -> list[list[int]]:
    """A parser of traces of Countdown with a bug: it takes numbers of one digit alone."""
    states = re.findall(r"^Current State: \d+:\[([0-9, ]*)\]", text, re.MULTILINE)
    return [[int(number) for number in re.findall(r"\d", state)] for state in states]


def right_numbers(traced: Traced) -> bool:
    numbers = traced.puzzle.puzzle["numbers"]
    return visited(traced.prompt + traced.text)[0] == numbers


def reward(puzzle: sos.Puzzle, answer: str) -> float:
    """A reward with a bug: it pays for any answer that has moves."""
    return 0.0 if answer == "no solution" else 1.0


def shrunk(strategy: st.SearchStrategy[Any], fails: Callable[[Any], bool]) -> Any:
    began = time.monotonic()
    found = find(strategy, fails, settings=settings(max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)))
    assert time.monotonic() - began < 20
    return found


def test_a_bug_in_a_parser_is_found_and_made_small() -> None:
    case = shrunk(traces("countdown", dialect="stream-of-search"), lambda traced: not right_numbers(traced))
    assert case.search["kind"] == "bfs" and case.search["max_nodes"] <= 2
    assert len(case.puzzle.json) <= 40 and len(case.text) < 400, case
    assert any(number > 9 for number in case.puzzle.puzzle["numbers"])


def test_a_bug_in_a_reward_is_found_and_made_small() -> None:
    case = shrunk(answers("py-jugs"), lambda answered: (reward(answered.puzzle, answered.plain) == 1.0) != answered.right)
    assert not case.right and sum(case.puzzle.puzzle["sizes"]) <= 4, case


def test_a_bug_in_a_detector_is_found_and_made_small() -> None:
    def detects(text: str) -> bool:
        """Knows broken texts by their end alone."""
        return not re.search(r"(;|goal|dead|seen|cut|\.)$", text)

    case = shrunk(damaged_traces("maze"), lambda damaged: not detects(damaged.text))
    assert case.search["max_nodes"] <= 12 and case.puzzle.puzzle["width"] * case.puzzle.puzzle["height"] <= 6, case


def test_a_right_reward_has_no_counterexample() -> None:
    def right(answered: Answered) -> bool:
        (score,) = sos.score_many([answered.plain], [answered.puzzle], read="answer")
        return score.solved == answered.right or not answered.plain

    with pytest.raises(NoSuchExample):
        find(answers("water-jugs"), lambda answered: not right(answered), settings=settings(max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)))


def test_the_same_choices_give_the_same_case() -> None:
    from stream_of_search import _core

    puzzle = _core.strategy_puzzle("maze", "easy", 7, [3, 1, 0], None)
    assert puzzle == _core.strategy_puzzle("maze", "easy", 7, [3, 1, 0], None)
    assert len(puzzle) < len(_core.strategy_puzzle("maze", "easy", 7, [], None))
    one, two = (_core.strategy_trace("maze", puzzle, "compact", "bfs", 40, 9, damaged=True) for _ in range(2))
    assert one == two and one is not None and json.loads(one["search"])["kind"] == "bfs"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: puzzles("mase"), "did you mean \"maze\""),
        (lambda: puzzles("maze", level="medum"), "level: found \"medum\"; allowed: easy, medium, hard"),
        (lambda: puzzles("maze", settings={"widht": 3}), "settings: .*widht"),
        (lambda: traces("maze", dialect="latin"), "dialect: found \"latin\"; allowed for maze"),
        (lambda: traces("maze", searches=["bsf"]), "searches: found 'bsf'; allowed for maze in compact"),
        (lambda: answers("maze", dialect="latin"), "dialect: found \"latin\""),
    ],
)
def test_wrong_names_are_refused_where_the_strategy_is_made(make: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(sos.RequestError, match=sentence):
        make()
