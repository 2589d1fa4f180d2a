"""Puzzles in Gymnasium: its own checker, its vector environments, and the reward of a solution."""

from __future__ import annotations

import pickle
import random
import warnings

import pytest

gymnasium = pytest.importorskip("gymnasium")

import numpy as np  # noqa: E402
from gymnasium.utils.env_checker import check_env  # noqa: E402

import stream_of_search.gym as puzzles  # noqa: E402
from stream_of_search import Puzzle  # noqa: E402

CHECKED = ["countdown", "sokoban", "sudoku", "graph", "zebra", "water-jugs", "lights-out", "word-ladder"]


@pytest.mark.parametrize("name", CHECKED)
def test_the_checker_of_gymnasium_passes(name: str) -> None:
    env = gymnasium.make(puzzles.environment_ids()[name], split="test", render_mode="ansi")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(env.unwrapped)


def test_every_environment_is_registered_once() -> None:
    ids = puzzles.environment_ids()
    assert len(set(ids.values())) == len(ids) and ids["rush-hour"] == "StreamOfSearch/RushHour-v0"
    assert set(ids.values()) <= set(gymnasium.registry)
    puzzles.register()


def test_a_solution_is_paid_and_masked_actions_are_legal() -> None:
    env = gymnasium.make("StreamOfSearch/Puzzle-v0", recipe="hanoi", split="test", num_actions=8)
    _, info = env.reset(options={"index": 4})
    total, done = 0.0, False
    while not done:
        position = env.unwrapped.puzzles.position
        action = position.legal.index(position.best())
        assert info["action_mask"][action] == 1 and info["action_mask"].sum() == len(position.legal)
        observation, reward, done, _, info = env.step(action)
        assert env.observation_space.contains(observation)
        total += reward
    assert total == 1.0 and info["goal"] and info["action_mask"].sum() == 0


def test_an_action_that_is_masked_costs_the_penalty_and_hidden_moves_are_counted() -> None:
    env = puzzles.PuzzleEnv("countdown", split="test", num_actions=4, illegal_penalty=0.25)
    _, info = env.reset(seed=1)
    assert info["hidden_moves"] == len(env.puzzles.position.legal) - 4 > 0
    many = puzzles.PuzzleEnv("maze", split="test", num_actions=9, illegal_penalty=0.25)
    many.reset(seed=1)
    assert many.step(8)[1] == -0.25


def test_texts_stay_in_their_space() -> None:
    words = Puzzle("graph-colouring", {"nodes": 2, "colours": 2, "edges": [[1, 2]]})
    env = puzzles.PuzzleEnv([words], text_length=10, characters="abc \n")
    observation, _ = env.reset(seed=0)
    assert env.observation_space.contains(observation)
    assert len(observation["puzzle"]) == 10 and set(observation["puzzle"]) <= set("abc \n?")


def rollout(env: gymnasium.vector.VectorEnv) -> list[object]:
    draw, said = random.Random(0), []
    observation, info = env.reset(seed=5)
    said.append(observation)
    for _ in range(12):
        actions = [draw.choice(np.flatnonzero(mask)) if mask.any() else 0 for mask in info["action_mask"]]
        observation, rewards, ended, truncated, info = env.step(np.array(actions))
        said += [observation, rewards.tolist(), ended.tolist(), truncated.tolist()]
    env.close()
    return said


def test_vector_environments_agree() -> None:
    options = {"num_envs": 3, "recipe": "water-jugs", "split": "test", "max_steps": 5}
    name = "StreamOfSearch/Puzzle-v0"
    sync = rollout(gymnasium.make_vec(name, vectorization_mode="sync", **options))
    apart = rollout(gymnasium.make_vec(name, vectorization_mode="async", vector_kwargs={"shared_memory": False}, **options))
    assert sync == apart
    assert any(True in said for said in sync[4::4])


def test_an_environment_can_be_pickled() -> None:
    env = puzzles.PuzzleEnv("sudoku", split="test")
    env.reset(seed=2)
    twin = pickle.loads(pickle.dumps(env))
    assert twin.step(0)[0] == env.step(0)[0]
    assert twin.reset()[1]["id"] == env.reset()[1]["id"]
