"""The server. Variables of the environment say what it serves: RECIPE, CONFIG, SPLIT, MAX_SESSIONS."""

from __future__ import annotations

import argparse
import os

from stream_of_search.integrations.openenv import app as puzzles

app = puzzles(
    os.environ.get("RECIPE", "countdown"),
    os.environ.get("CONFIG") or None,
    os.environ.get("SPLIT", "train"),
    max_sessions=int(os.environ.get("MAX_SESSIONS", "64")),
    # An observation must not tell how far the goal is.
    cost_to_go=False,
)


def main() -> None:
    """Serves the app."""
    import uvicorn

    parser = argparse.ArgumentParser(description="Serves puzzles by OpenEnv's protocol.")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    uvicorn.run(app, host=arguments.host, port=arguments.port)


if __name__ == "__main__":
    main()
