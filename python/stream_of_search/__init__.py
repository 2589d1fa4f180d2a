"""Search traces for training language models: exact, labelled, controllable, with a strict checker.

Spans in this package count characters of Python strings. Files and the program `sos` count bytes of UTF-8.
"""

from ._core import FolderError, Puzzle, RecipeError, RequestError, RowError, SosError, __version__
from .checking import Error, RowVerdict, Taken, Verdict, check, check_row
from .datasets import Dataset, generate, load, recipes
from .scoring import Score, Scores, score_many
from .tracing import Facts, Node, Trace, prove, trace, tree

__all__ = [
    "Dataset",
    "Error",
    "Facts",
    "FolderError",
    "Node",
    "Puzzle",
    "RecipeError",
    "RequestError",
    "RowError",
    "RowVerdict",
    "Score",
    "Scores",
    "SosError",
    "Taken",
    "Trace",
    "Verdict",
    "__version__",
    "check",
    "check_row",
    "generate",
    "load",
    "prove",
    "recipes",
    "score_many",
    "trace",
    "tree",
]
