"""NeMo Gym itself starts the resources server, and its client asks it to verify rows. `.ci/nightly` runs this."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("nemo_gym")

import stream_of_search as sos  # noqa: E402
from stream_of_search.integrations.rows import right_reply  # noqa: E402

NAME = "stream_of_search"
APP = """
from stream_of_search.integrations.nemo_gym_server import PuzzleResourcesServer

if __name__ == "__main__":
    PuzzleResourcesServer.run_webserver()
"""
CONFIG = f"""
{NAME}:
  resources_servers:
    {NAME}:
      entrypoint: app.py
      domain: knowledge
      verified: false
      host: 127.0.0.1
"""


def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of the head server of `gym env start`, in a folder with our resources server, as its documentation lays it out."""
    root = tmp_path_factory.mktemp("gym")
    folder = root / "resources_servers" / NAME
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    (folder / "requirements.txt").write_text("stream-of-search\n")
    (folder / "config.yaml").write_text(CONFIG)
    # The environment in which this test runs stands for the one that it would install.
    (folder / ".venv").symlink_to(sys.prefix)
    head = port()
    arguments = [
        f"+config_paths=[resources_servers/{NAME}/config.yaml]",
        "+skip_venv_if_present=true",
        "+head_server.host=127.0.0.1",
        f"+head_server.port={head}",
        f"+uv_venv_dir={root}",
    ]
    command = [str(Path(sys.executable).parent / "gym"), "env", "start", *arguments]
    log = root / "log"
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=root, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        for _ in range(1200):
            text = log.read_text()
            if "All 1 / 1 servers ready" in text:
                break
            assert server.poll() is None and "Traceback" not in text, text
            time.sleep(0.1)
        else:
            pytest.fail("the servers are not ready within 120 s:\n" + log.read_text())
        yield head
    finally:
        os.killpg(server.pid, signal.SIGINT)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def response(text: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []}]
    said = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}
    settings = {"parallel_tool_calls": False, "tool_choice": "none", "tools": []}
    return {"id": "resp_1", "created_at": 1.0, "object": "response", "model": "m", "output": [said], **settings}


def test_nemo_gym_verifies_rows(head: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from nemo_gym.config_types import BaseServerConfig
    from nemo_gym.server_utils import ServerClient, get_response_json

    # NeMo Gym reads the command line of the process for settings, and writes into the folder where it runs.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["client"])
    client = ServerClient.load_from_global_config(BaseServerConfig(host="127.0.0.1", port=head))
    rows = sos.load("rl-countdown", split="test", count=4).shaped("nemo-gym")
    right = [right_reply(row["metadata"]) for row in rows]
    replies = [(row, reply, 1.0) for row, reply in zip(rows, right, strict=True)]
    replies += [(row, reply, 0.0) for row, reply in zip(rows, [right[1], right[0], "", "🧩\0"], strict=True)]

    async def ask() -> list[dict[str, Any]]:
        results = []
        for place, (row, reply, reward) in enumerate(replies):
            body = {**row, "response": response(reply), "_ng_task_index": place % 4, "_ng_rollout_index": place // 4}
            seeded = await client.post(NAME, "/seed_session", json=body)
            assert seeded.status == 200
            answer = await client.post(NAME, "/verify", json=body, cookies=seeded.cookies)
            assert answer.status == 200, await answer.text()
            result = await get_response_json(answer)
            assert result["reward"] == reward and result["reward_components"] == {"solved": reward}
            assert result["solved"] == bool(reward) and result["metadata"] == row["metadata"]
            results.append(result)
        totals = await client.post(NAME, "/aggregate_metrics", json={"verify_responses": results})
        assert totals.status == 200, await totals.text()
        wrong = await client.post(NAME, "/verify", json={**rows[0], "metadata": {}, "response": response("x")})
        assert wrong.status == 422 and "env" in (await get_response_json(wrong))["detail"]
        return [await get_response_json(totals)]

    [totals] = asyncio.run(ask())
    assert totals["agent_metrics"]["mean/reward"] == 0.5
    assert len(totals["group_level_metrics"]) == 4
