"""Search traces for training language models: exact, labelled, controllable, with a strict checker.

Spans in this package count characters of Python strings. Files and the program `sos` count bytes of UTF-8.
"""

from ._core import FolderError, RecipeError, RequestError, RowError, SosError, __version__
from .checking import Error, Puzzle, Trace, Verdict, check, trace
from .datasets import Dataset, generate, load, recipes

__all__ = [
    "Dataset",
    "Error",
    "FolderError",
    "Puzzle",
    "RecipeError",
    "RequestError",
    "RowError",
    "SosError",
    "Trace",
    "Verdict",
    "__version__",
    "check",
    "generate",
    "load",
    "recipes",
    "trace",
]
