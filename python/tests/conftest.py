"""The order of the tests. Ray, Spark and trainers leave threads and signal handlers in the process, which forks do not go well with, so they come last."""

from __future__ import annotations

import signal

import pytest

# A process that a shell starts in the background ignores SIGINT, and the tests of interrupts need it.
signal.signal(signal.SIGINT, signal.default_int_handler)

LAST = ("test_docs", "test_rewards", "test_trainers", "test_trl_environment", "test_clusters")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        name = item.path.stem
        return LAST.index(name) + 1 if name in LAST else 0

    items.sort(key=place)
