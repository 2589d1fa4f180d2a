"""Positions and episodes: against the checker, against a search of our own, and against everything that is no move."""

from __future__ import annotations

import copy
import json
import pickle
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from heapq import heappop, heappush

import pytest

import stream_of_search as sos
from stream_of_search import _core
from stream_of_search.play import Env, Position

ENVIRONMENTS = _core.environments()


@pytest.fixture(scope="module")
def envs() -> dict[str, Env]:
    return {name: Env(name, split="test") for name in ENVIRONMENTS}


def episode(env: Env) -> Iterator[tuple[float, bool, dict]]:
    while not env.position.is_end:
        _, reward, done, _, info = env.step(env.position.best())
        yield reward, done, info


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_the_solution_by_cost_to_go_is_paid_and_is_right_by_the_checker(envs: dict[str, Env], name: str) -> None:
    env, solved = envs[name], 0
    for index in range(8):
        row = env._rows[index]
        _, info = env.reset(index=index)
        assert info["reachable"] == row["solvable"] and info["cost_to_go"] == row["optimal_cost"]
        if not row["solvable"] or solved == 2:
            continue
        solved += 1
        steps = list(episode(env))
        assert [reward for reward, *_ in steps] == [0.0] * (len(steps) - 1) + [1.0]
        assert steps[-1][1] and steps[-1][2]["cost_to_go"] == 0
        position = env.position
        assert position.cost == row["optimal_cost"]
        # The checker knows nothing of positions.
        request = {"env": row["env"], "puzzle": row["puzzle"], "dialect": "compact", "answer": True}
        verdict = _core.check({**request, "text": position.trace()})[0]
        assert (verdict["solved"], verdict["valid"], verdict["optimal"]) == (True, True, True), verdict
        assert sos.score_many([position.answer()], [row], read="answer")[0].reward == 1.0
        # And the oracle can say no: the way without its last move solves nothing.
        short = Position(row, position.moves[:-1])
        assert not short.is_goal
        assert not _core.check({**request, "text": short.trace()})[0]["solved"]
    assert solved


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_a_legal_move_reads_the_same_in_every_form(envs: dict[str, Env], name: str) -> None:
    env, draw = envs[name], random.Random(1)
    env.reset(index=1)
    for _ in range(4):
        position = env.position
        for place, (compact, words) in enumerate(zip(position.legal, position.legal_in_words, strict=True)):
            after = position.play(place)
            assert position.play(compact) == after == position.play(words) == position.play(f"\n {words}  ")
        if position.is_end:
            break
        for text in (f"{position.legal[0]} zz", f"zz {position.legal[0]}", f"{position.legal[0]} , {position.legal[0]}"):
            with pytest.raises(sos.MoveError):
                position.play(text)
        env.step(draw.randrange(len(position.legal)))


def cheapest(start: Position) -> int | None:
    """The cost to the nearest goal, by Dijkstra's algorithm over `play` alone."""
    queue, settled = [(0, 0, start)], set()
    while queue:
        cost, _, position = heappop(queue)
        if position.is_goal:
            return cost
        if position.state in settled:
            continue
        settled.add(position.state)
        for move in position.legal:
            after = position.play(move)
            heappush(queue, (cost + after.cost - position.cost, len(settled) * 1000 + len(queue), after))
    return None


@pytest.mark.parametrize("name", ["sudoku", "zebra", "k-sat", "cryptarithm"])
def test_a_text_may_set_any_variable(envs: dict[str, Env], name: str) -> None:
    row = envs[name]._rows[3]
    position = Position(row)
    for move in reversed(position.solution().moves):
        position = position.play(move)
        assert position.reachable
    assert position.is_goal and position.cost == row["optimal_cost"]
    assert sos.score_many([position.answer()], [row], read="answer")[0].reward == 1.0


SEARCHED = [
    ("countdown", {"numbers": [3, 5, 7], "target": 22}),
    ("countdown", {"numbers": [2, 2, 9], "target": 100}),
    ("water-jugs", {"sizes": [3, 5], "target": 4}),
    ("hanoi", {"start": [[3, 2, 1], [], []], "goal": [[], [], [3, 2, 1]]}),
    ("number-line", {"start": 2, "target": 11, "limit": 20, "operations": ["+3", "*2"]}),
    ("river-crossing", {"missionaries": 3, "cannibals": 3, "boat": 2}),
    ("graph", {"directed": True, "nodes": 4, "edges": [["A", "B", 2], ["B", "C", 2], ["A", "C", 9]], "start": "A", "goal": "C"}),
]


@pytest.mark.parametrize(("env", "puzzle"), SEARCHED)
def test_the_cost_to_go_is_that_of_a_search_over_the_moves(env: str, puzzle: dict) -> None:
    start = Position(sos.Puzzle(env, puzzle))
    assert start.cost_to_go == cheapest(start)
    assert start.reachable == (start.cost_to_go is not None)
    assert (start.solution() is None) == (start.cost_to_go is None)
    for move in start.legal:
        assert start.play(move).cost_to_go == cheapest(start.play(move))


def test_a_dead_end_ends_the_episode_and_pays_nothing() -> None:
    env = Env([sos.Puzzle("countdown", {"numbers": [3, 5, 7], "target": 22})], shaping=0.5)
    env.reset(index=0)
    _, reward, terminated, _, info = env.step("3 + 5 = 8")
    assert (reward, terminated, info["cost_to_go"], info["reachable"]) == (-0.5, False, None, False)
    _, reward, terminated, truncated, info = env.step("7+8=15")
    assert (reward, terminated, truncated, info["goal"]) == (0.0, True, False, False)


def test_shaping_adds_up_to_its_weight_whatever_the_way() -> None:
    env = Env("water-jugs", split="test", shaping=0.25)
    for index in range(5):
        env.reset(index=index)
        draw, total = random.Random(index), 0.0
        for _ in range(6):
            if not env.position.is_end:
                total += env.step(draw.randrange(len(env.position.legal)))[1]
        total += sum(reward for reward, *_ in episode(env))
        assert env.position.is_goal
        assert total == pytest.approx(1.25)


FOREIGN = {"countdown": "down worker 5 5", "sokoban": "3 + 5 = 8", "maze": "flip 3", "sudoku": "slide 4", "hanoi": "x1 T"}
NO_MOVES = ["", " ", "\0", "é", "日本語", "\ud800", "🧩" * 100, "-1", "0", "answer", "left" * 5000, "((((" * 1000, "%s %n", "1e999", "\u202e3 + 5 = 8"]


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_no_move_is_told_and_costs_the_penalty(envs: dict[str, Env], name: str) -> None:
    env = envs[name]
    env.reset(index=2)
    before = env.position
    for text in [FOREIGN[name], *NO_MOVES, 10_000, -1]:
        observation, reward, terminated, truncated, info = env.step(text)
        assert reward == -0.1 and not terminated and not truncated
        assert info["error"].startswith("move: ") and len(info["error"]) < 400
        assert env.position == before and observation["legal"] == list(before.legal)


SPOILT = ["countdown", "graph", "maze", "water-jugs", "river-crossing", "sokoban", "zebra", "blocksworld", "number-line", "rush-hour"]


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_moves_are_moves_or_are_told(envs: dict[str, Env], name: str) -> None:
    draw, letters = random.Random(name), "0123456789+-*/=()[] abcxyz#,.é"
    accepted = 0
    for index in range(3):
        position = Position(envs[name]._rows[index])
        for _ in range(150):
            text = list(draw.choice(position.legal + position.legal_in_words))
            for _ in range(draw.randrange(1, 3)):
                place = draw.randrange(len(text))
                text[place : place + draw.randrange(2)] = draw.choice(letters) if draw.random() < 0.7 else ""
                text = text or ["x"]
            try:
                after = position.play("".join(text))
            except sos.MoveError:
                continue
            accepted += 1
            # What was accepted is a legal move by its own text, and these list all of them.
            if name != "zebra":
                assert after.moves[-1] in position.legal
            assert Position(position.puzzle, after.moves) == after
    assert accepted < 450


def test_ten_megabytes_are_no_move_and_cost_no_time(envs: dict[str, Env]) -> None:
    env = envs["countdown"]
    env.reset(index=0)
    for text in ["9" * 10_000_000, "3 + 5 = 8 " * 1_000_000, " " * 10_000_000, "é" * 5_000_000]:
        _, reward, *_, info = env.step(text)
        assert reward == -0.1 and len(info["error"]) < 400


def test_wrong_claims_and_wrong_moves_are_told_apart() -> None:
    start = Position(sos.Puzzle("countdown", {"numbers": [3, 5, 7], "target": 22}))
    with pytest.raises(sos.SosError, match=r"the right claim is \"3 \* 5 = 15\""):
        start.play("3 * 5 = 16")
    with pytest.raises(sos.SosError, match="illegal here"):
        start.play("3 + 9 = 12")
    with pytest.raises(sos.SosError, match="no move of countdown"):
        start.play("hello")
    with pytest.raises(sos.SosError, match="legal moves, from 0 on"):
        start.play(99)


def test_a_move_after_the_end_changes_nothing(envs: dict[str, Env]) -> None:
    env = envs["maze"]
    env.reset(index=0)
    list(episode(env))
    end = env.position
    for move in ["left", 0, "\ud800"]:
        _, reward, terminated, truncated, info = env.step(move)
        assert (reward, terminated, truncated, info["error"]) == (0.0, True, False, "the episode is over; call reset")
        assert env.position == end


def test_an_episode_is_truncated_after_its_steps() -> None:
    env = Env("maze", split="test", max_steps=3)
    env.reset(index=0)
    ends = [env.step("nonsense")[2:4] for _ in range(4)]
    assert ends == [(False, False), (False, False), (False, True), (False, True)]
    assert env.step(0)[1] == 0.0


def test_a_call_that_is_wrong_raises() -> None:
    with pytest.raises(sos.RequestError, match="call reset first"):
        Env("countdown").step(0)
    env = Env("countdown", split="test")
    for index in (-1, len(env)):
        with pytest.raises(sos.RequestError, match="index: found"):
            env.reset(index=index)
    with pytest.raises(sos.RequestError, match="max_steps"):
        Env("countdown", max_steps=0)
    with pytest.raises(sos.RequestError, match="no puzzle"):
        Env([])
    with pytest.raises(sos.RecipeError):
        Env("countdwon")
    with pytest.raises(sos.RecipeError, match="split"):
        Env("countdown", split="nowhere")
    with pytest.raises(sos.RequestError, match="send a list"):
        Position(sos.Puzzle("hanoi", {"start": [[1], [], []], "goal": [[], [1], []]}), "1 A -> B")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        env.reset(index=0)
        env.step(1.5)  # type: ignore[arg-type]


def test_seeds_repeat_episodes_and_splits_share_no_puzzle() -> None:
    one, other = Env("countdown", split="test"), Env("countdown", split="test")
    ids = [one.reset(seed=7)[1]["id"], *(one.reset()[1]["id"] for _ in range(20))]
    assert ids == [other.reset(seed=7)[1]["id"], *(other.reset()[1]["id"] for _ in range(20))]
    assert ids != [other.reset(seed=8)[1]["id"], *(other.reset()[1]["id"] for _ in range(20))]
    assert len(set(ids)) > 15
    train = {row["id"] for row in sos.load("countdown", split="train", count=2000)}
    assert not train & {row["id"] for row in sos.load("countdown", split="test")}


def test_draws_leave_out_what_has_no_solution() -> None:
    rows = [{"env": "countdown", "puzzle": json.dumps({"numbers": [2, 2], "target": 99}), "solvable": False}] * 9
    rows.append({"env": "countdown", "puzzle": json.dumps({"numbers": [2, 3], "target": 6}), "solvable": True})
    env = Env(rows)
    assert {env.reset(seed=seed)[1]["index"] for seed in range(20)} == {9}
    assert env.reset(index=0)[1]["reachable"] is False
    with pytest.raises(sos.RequestError, match="no solution"):
        Env(rows[:9]).reset()


def transcript(env: Env, index: int, seed: int) -> list[tuple]:
    env.reset(index=index)
    draw, said = random.Random(seed), []
    for _ in range(12):
        legal = len(env.position.legal)
        observation, reward, *ends, info = env.step(draw.randrange(legal + 1) if legal else "none")
        said.append((observation["state"], tuple(observation["legal"]), reward, *ends, info["cost_to_go"], info["error"]))
    return said


MIXED = ["countdown", "maze", "sokoban", "sudoku", "water-jugs", "pancake", "zebra", "graph"]


def test_threads_and_interleaving_change_nothing(envs: dict[str, Env]) -> None:
    jobs = [(name, index, seed) for name in MIXED for index in range(4) for seed in range(2)]
    alone = [transcript(envs[name].fresh(), index, seed) for name, index, seed in jobs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda job: transcript(envs[job[0]].fresh(), *job[1:]), jobs))
    assert together == alone


def test_two_episodes_of_one_puzzle_do_not_meet(envs: dict[str, Env]) -> None:
    one, other = envs["pancake"].fresh(), envs["pancake"].fresh()
    one.reset(index=3)
    other.reset(index=3)
    for place in range(5):
        one.step(place)
        other.step(6 - place)
    fresh = [Position(env.position.puzzle, env.position.moves) for env in (one, other)]
    assert [one.position.state, other.position.state] == [position.state for position in fresh]
    assert one.position.state != other.position.state


def test_more_puzzles_than_a_thread_keeps(envs: dict[str, Env]) -> None:
    episodes = [envs["countdown"].fresh() for _ in range(80)]
    for index, env in enumerate(episodes):
        env.reset(index=index)
    for _ in range(3):
        for env in episodes:
            env.step(env.position.best())
    assert all(env.position.is_goal for env in episodes)


def test_pickles_and_copies_go_on_alike(envs: dict[str, Env]) -> None:
    env = Env("sokoban", split="test")
    env.reset(seed=3)
    env.step(env.position.best())
    twins = [pickle.loads(pickle.dumps(env)), copy.deepcopy(env), copy.copy(env)]
    rest = [list(episode(twin)) for twin in twins]
    assert rest[0] == rest[1] == rest[2]
    assert env.position.moves != twins[0].position.moves
    draws = [[each.reset()[1]["index"] for _ in range(5)] for each in (pickle.loads(pickle.dumps(env)), env)]
    assert draws[0] == draws[1]
    position = twins[0].position
    assert pickle.loads(pickle.dumps(position)) == position and len({position, copy.deepcopy(position)}) == 1


def counter(step: int, broken: bool = False) -> type[sos.Environment]:
    class Counter(sos.Environment):
        name = "counter-to-play"
        help = "Count up to the target."

        target: int

        def start(self) -> int:
            return 0

        def is_goal(self, state: int) -> bool:
            return state == self.target

        def moves(self, state: int) -> list[int]:
            if broken and state == 2 * step:
                raise KeyError("no such state")
            return [step, step + 1] if state < self.target else []

        def apply(self, state: int, move: int) -> int:
            return state + move

        @classmethod
        def generate(cls, draw: sos.Draw, most: int = 9) -> sos.Environment:
            return cls(6)

    return Counter


def test_an_environment_in_python_is_played_and_replaced() -> None:
    counter(1)
    puzzle = sos.Puzzle("counter-to-play", {"target": 6})
    start = Position(puzzle)
    assert start.legal == ("1", "2") and start.cost_to_go == 3 and start.solution().cost == 3
    env = Env([puzzle])
    env.reset(index=0)
    assert [reward for reward, *_ in episode(env)] == [0.0, 0.0, 1.0]
    # Another class takes its place: nothing of the old one is left.
    counter(2)
    again = Position(sos.Puzzle("counter-to-play", {"target": 6}))
    assert again.legal == ("2", "3") and again.cost_to_go == 2


def test_an_error_of_an_environment_in_python_comes_out_and_leaves_no_harm() -> None:
    counter(2, broken=True)
    start = Position(sos.Puzzle("counter-to-play", {"target": 6}))
    for _ in range(2):
        assert start.legal == ("2", "3")
        with pytest.raises(sos.RulesError, match="no such state"):
            start.play("2").play("2").legal  # noqa: B018
        with pytest.raises(sos.RulesError):
            start.cost_to_go  # noqa: B018


def test_what_a_player_sees(envs: dict[str, Env]) -> None:
    env = Env([sos.Puzzle("hanoi", {"start": [[2, 1], [], []], "goal": [[], [], [2, 1]]})], words=True)
    observation, info = env.reset(index=0)
    assert observation["state"] == "A holds 2 and 1, B is empty, C is empty"
    assert observation["legal"] == list(env.position.legal_in_words)
    assert "Goal" in observation["puzzle"] and info["cost_to_go"] == 3
    env.step(0)
    shown = env.render()
    assert "1. 1 A -> B" in shown and "Cost: 1" in shown and "Legal moves: " in shown
    assert env.prompt().count("<answer>") and env.rules() in env.prompt()
    env.restart()
    assert env.position.moves == () and env.steps == 1
