"""The folder of the OpenEnv Space: the tool's own checks, and the server that openenv.yaml names, over the network."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openenv")

import yaml  # noqa: E402
from openenv.cli._cli_utils import validate_env_structure  # noqa: E402

import stream_of_search as sos  # noqa: E402
from stream_of_search.play import Position  # noqa: E402

SPACE = Path(__file__).parent.parent / "openenv_space"
MANIFEST = yaml.safe_load((SPACE / "openenv.yaml").read_text())


def validate(*arguments: str) -> tuple[int, str]:
    """The exit status and the output of `openenv validate`."""
    from openenv.cli.__main__ import app
    from typer.testing import CliRunner

    done = CliRunner().invoke(app, ["validate", *arguments])
    return done.exit_code, done.output


def test_openenv_takes_the_folder(tmp_path: Path) -> None:
    status, says = validate(str(SPACE), "--level", "static", "--skip-build")
    assert status == 0 and "Verdict: PASS" in says, says
    # What `openenv push` asks for; the folder for outputs is made where a run writes some.
    assert validate_env_structure(SPACE) in ([], ["Recommended directory missing: outputs/"])
    broken = shutil.copytree(SPACE, tmp_path / "broken")
    manifest = {**MANIFEST, "validation": {**MANIFEST["validation"], "reward": {"range": [1, 0], "floor_margin": 0.5}}}
    (broken / "openenv.yaml").write_text(yaml.safe_dump(manifest))
    assert validate(str(broken), "--level", "static", "--skip-build")[0] == 1


def test_the_readme_is_the_card_of_a_space() -> None:
    _, card, text = (SPACE / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    settings = yaml.safe_load(card)
    assert settings["sdk"] == "docker" and settings["app_port"] == MANIFEST["port"] == 8000
    assert "openenv" in settings["tags"] and text.strip().startswith("# ")
    # The container serves what openenv.yaml names, at its port.
    command = (SPACE / "Dockerfile").read_text().splitlines()[-1]
    assert f'"{MANIFEST["app"]}"' in command and f'"--port", "{MANIFEST["port"]}"' in command


def healthy(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server does not answer within 60 s")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", MANIFEST["app"], "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    # As `openenv push` has it, with the pages for people.
    variables = {**os.environ, "RECIPE": "hanoi", "SPLIT": "test", "ENABLE_WEB_INTERFACE": "true"}
    server = subprocess.Popen(command, cwd=SPACE, env=variables)
    try:
        healthy(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="module")
def space() -> Any:
    """The folder as the package that its pyproject.toml makes of it."""
    name = "stream_of_search_env"
    spec = importlib.util.spec_from_file_location(name, SPACE / "__init__.py", submodule_search_locations=[str(SPACE)])
    assert spec and spec.loader
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_server_plays_an_episode(url: str, space: Any) -> None:
    status, says = validate("--url", url)
    assert status == 0 and "Verdict: PASS" in says, says
    row = sos.load("hanoi", split="test")[7]
    solution = Position(row).solution().moves
    with space.PuzzleClient(base_url=url).sync() as session:
        result = session.reset(index=7)
        rewards = []
        for move in solution:
            assert not result.done and result.observation.legal
            result = session.step(space.Move(move=move))
            rewards.append(result.reward)
        state = session.state()
        assert rewards == [0.0] * (len(solution) - 1) + [1.0] and result.done
        assert state.solved and state.step_count == len(solution) and state.puzzle == row["puzzle"]
        # An observation does not tell how far the goal is, and what is wrong costs.
        result = session.reset(index=7)
        assert not {"cost_to_go", "reachable"} & set(result.observation.metadata)
        result = session.step(space.Move(move="1 A -> A"))
        assert result.reward == -0.1 and result.observation.error and not result.done


def test_the_pages_for_people_are_served(url: str) -> None:
    with urllib.request.urlopen(f"{url}/web", timeout=10) as answer:
        assert answer.status == 200
