"""The taskset `stream_of_search_taskset`: puzzles of a recipe, scored by Stream of Search."""

from stream_of_search.integrations.verifiers import PuzzleTaskset

__all__ = ["PuzzleTaskset"]
