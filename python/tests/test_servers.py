"""The servers for OpenEnv and NeMo Gym, over their own protocols."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest.importorskip("fastapi")
warnings.simplefilter("ignore", DeprecationWarning)

from starlette.testclient import TestClient  # noqa: E402

import stream_of_search as sos  # noqa: E402
from stream_of_search.integrations import nemo_gym, rows  # noqa: E402
from stream_of_search.play import Position  # noqa: E402


@pytest.fixture(scope="module")
def openenv() -> Any:
    pytest.importorskip("openenv")
    from stream_of_search.integrations.openenv import app

    with TestClient(app("countdown", split="test", max_sessions=16)) as client:
        yield client


def ask(socket: Any, kind: str, **data: Any) -> dict[str, Any]:
    socket.send_json({"type": kind, "data": data} if kind != "state" else {"type": kind})
    return socket.receive_json()


def play(client: Any, index: int) -> tuple[list[float], dict[str, Any]]:
    """Plays a puzzle by what the server says alone, and its solution as we know it. Gives rewards and the last state."""
    with client.websocket_connect("/ws") as socket:
        seen = ask(socket, "reset", split="test", index=index)["data"]
        assert not seen["done"] and seen["reward"] is None
        state = ask(socket, "state")["data"]
        moves = Position(sos.Puzzle(state["env"], state["puzzle"])).solution().moves
        rewards = []
        for move in moves:
            answer = ask(socket, "step", move=move)["data"]
            rewards.append(answer["reward"])
        assert answer["done"]
        return rewards, ask(socket, "state")["data"]


def test_a_session_of_openenv_plays_a_puzzle_to_its_goal(openenv: Any) -> None:
    rewards, state = play(openenv, 3)
    assert rewards == [0.0] * (len(rewards) - 1) + [1.0]
    assert state["solved"] and state["step_count"] == len(rewards)
    row = sos.load("countdown", split="test")[3]
    assert state["puzzle"] == row["puzzle"]
    assert sos.check(sos.Puzzle.from_row(row), "answer " + " , ".join(state["moves"]) + " .", answer=True).solved


def test_sessions_of_openenv_do_not_meet(openenv: Any) -> None:
    alone = [play(openenv, index) for index in range(24)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda index: play(openenv, index), range(24)))
    drop = [(rewards, {**state, "episode_id": None}) for rewards, state in alone]
    assert drop == [(rewards, {**state, "episode_id": None}) for rewards, state in together]


def test_openenv_tells_what_is_wrong_and_goes_on(openenv: Any) -> None:
    with openenv.websocket_connect("/ws") as socket:
        ask(socket, "reset", seed=1)
        for move in ["hello", "", "🧩\0", "1 + 1 = 3", -1, 10**6]:
            answer = ask(socket, "step", move=move)["data"]
            assert answer["reward"] == -0.1 and not answer["done"] and answer["observation"]["error"]
        for wrong in ({"index": -1}, {"index": 10**9}, {"split": "nowhere"}):
            assert ask(socket, "reset", **wrong)["type"] == "error"
        assert ask(socket, "step", mov="x")["type"] == "error"
        first = ask(socket, "reset", seed=9)["data"]["observation"]["metadata"]["id"]
        assert ask(socket, "reset", seed=9)["data"]["observation"]["metadata"]["id"] == first


def test_the_client_of_openenv_plays_over_the_network() -> None:
    pytest.importorskip("openenv")
    import socket
    import threading

    import uvicorn
    from openenv.core.generic_client import GenericEnvClient

    from stream_of_search.integrations.openenv import app

    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app("hanoi", split="test"), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        with GenericEnvClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}").sync() as client:
            result = client.reset(index=7)
            solution = Position(sos.load("hanoi", split="test")[7]).solution().moves
            rewards = []
            for move in solution:
                assert not result.done
                result = client.step({"move": move})
                rewards.append(result.reward)
            assert rewards == [0.0] * (len(solution) - 1) + [1.0] and result.done
    finally:
        server.should_exit = True
        thread.join(10)


def test_openenv_lists_the_puzzles(openenv: Any) -> None:
    assert openenv.get("/health").json() == {"status": "healthy"}
    assert {split["name"] for split in openenv.get("/stream_of_search/splits").json()} == {"train", "validation", "test"}
    assert openenv.post("/stream_of_search/num_tasks", json={"split": "test"}).json() == {"num_tasks": 500}
    task = openenv.post("/stream_of_search/task", json={"split": "test", "index": 3}).json()["task"]
    assert task["id"] == sos.load("countdown", split="test")[3]["id"] and "Numbers:" in task["prompt"]
    assert openenv.post("/stream_of_search/task", json={"split": "test", "index": 500}).status_code == 400
    assert {"action", "observation", "state"} <= set(openenv.get("/schema").json())


def response(*texts: str) -> dict[str, Any]:
    """A response in the form of OpenAI's Responses API."""
    content = [{"type": "output_text", "text": text, "annotations": []} for text in texts]
    thought = {"type": "reasoning", "id": "rs_1", "summary": []}
    said = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}
    return {"id": "resp_1", "object": "response", "model": "m", "output": [thought, said], "tools": []}


@pytest.fixture(scope="module")
def nemo() -> TestClient:
    return TestClient(nemo_gym.app())


def nemo_row(index: int) -> dict[str, Any]:
    row = sos.load("rl-countdown", split="test")[index]
    metadata = {name: row[name] for name in ("id", "env", "puzzle", "read", "split", "index", "difficulty")}
    asked = {"responses_create_params": {"input": row["prompt"]}, "question": row["prompt"][-1]["content"]}
    return {**asked, "answer": row["answer"], "metadata": metadata, "agent_ref": {"name": "simple_agent"}}


def test_nemo_gym_pays_right_replies_alone(nemo: TestClient) -> None:
    row, other = nemo_row(0), nemo_row(1)
    right = rows.right_reply(row["metadata"])
    replies = {right: 1.0, f"Let me think.\n{right}": 1.0, row["answer"]: 1.0, rows.right_reply(other["metadata"]): 0.0, "": 0.0, "9" * 10**6: 0.0}
    results = []
    for reply, reward in replies.items():
        body = {**row, "response": response(reply)}
        answer = nemo.post("/verify", json=body)
        assert answer.status_code == 200
        result = answer.json()
        assert {name: result[name] for name in body} == body
        assert result["reward"] == reward and result["reward_components"] == {"solved": reward}
        results.append(result)
    totals = nemo.post("/aggregate_metrics", json={"verify_responses": results}).json()
    assert totals["agent_metrics"]["mean/reward"] == 0.5 and totals["agent_metrics"]["count"] == 6
    assert totals["group_level_metrics"] == []
    tasks = [{"_ng_task_index": place % 2, "reward": result["reward"]} for place, result in enumerate(results)]
    [even, odd] = nemo.post("/aggregate_metrics", json={"verify_responses": tasks}).json()["group_level_metrics"]
    assert (even["mean/reward"], odd["mean/reward"]) == (2 / 3, 1 / 3) and even["count"] == 3
    assert nemo.post("/seed_session", json={}).json() == {}


def test_nemo_gym_takes_the_last_message_of_the_assistant(nemo: TestClient) -> None:
    row = nemo_row(2)
    right = rows.right_reply(row["metadata"])
    said = response("<answer>1+1</answer>")["output"] + response(right[: len(right) // 2], right[len(right) // 2 :])["output"]
    assert nemo.post("/verify", json={**row, "response": {"output": said}}).json()["reward"] == 1.0
    assert nemo.post("/verify", json={**row, "response": {"output": said[::-1]}}).json()["reward"] == 0.0


ODD = [None, {}, {"output": None}, {"output": "text"}, {"output": [1, None, "x"]}, {"output": [{"type": "message", "content": 5}]}]


@pytest.mark.parametrize("odd", ODD)
def test_nemo_gym_pays_nothing_for_a_response_without_text(nemo: TestClient, odd: Any) -> None:
    assert nemo.post("/verify", json={**nemo_row(0), "response": odd}).json()["reward"] == 0.0


def test_nemo_gym_refuses_a_row_without_a_puzzle(nemo: TestClient) -> None:
    for body in ({}, {"metadata": {}}, {"metadata": {"env": "nope", "puzzle": "{}"}}, {"metadata": {"env": "countdown", "puzzle": "["}}):
        answer = nemo.post("/verify", json={**body, "response": response("x")})
        assert answer.status_code == 422 and isinstance(answer.json()["detail"], str)
    assert nemo.post("/verify", json=[1]).status_code == 422
    assert nemo.post("/aggregate_metrics", json={"verify_responses": [1]}).status_code == 422


def test_eight_threads_on_one_nemo_server(nemo: TestClient) -> None:
    bodies = [{**nemo_row(index), "response": response(rows.right_reply(nemo_row(index)["metadata"]))} for index in range(6)]
    bodies += [{**body, "response": response("no solution")} for body in bodies]
    with ThreadPoolExecutor(8) as pool:
        rewards = list(pool.map(lambda body: nemo.post("/verify", json=body).json()["reward"], bodies * 4))
    assert rewards == ([1.0] * 6 + [0.0] * 6) * 4
