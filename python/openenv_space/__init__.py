"""Puzzles of Stream of Search as an environment of OpenEnv: the client, and what it sends and gets."""

from .client import Move, PuzzleClient, PuzzleObservation, PuzzleState

__all__ = ["Move", "PuzzleClient", "PuzzleObservation", "PuzzleState"]
