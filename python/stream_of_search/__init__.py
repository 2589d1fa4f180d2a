"""Search traces for training language models: exact, labelled, controllable, with a strict checker.

Spans in this package count characters of Python strings. Files and the program `sos` count bytes of UTF-8.
"""

from ._core import FolderError, RecipeError, RequestError, RowError, SosError, __version__
from .checking import Error, Puzzle, Trace, Verdict, check, trace
from .datasets import Dataset, generate, load, recipes
from .token_files import write_tokens
from .tokens import Tokenizer, TokenRows, collate, tokenizer

__all__ = [
    "Dataset",
    "Error",
    "FolderError",
    "Puzzle",
    "RecipeError",
    "RequestError",
    "RowError",
    "SosError",
    "TokenRows",
    "Tokenizer",
    "Trace",
    "Verdict",
    "__version__",
    "check",
    "collate",
    "generate",
    "load",
    "recipes",
    "tokenizer",
    "trace",
    "write_tokens",
]
