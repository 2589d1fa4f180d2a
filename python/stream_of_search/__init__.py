"""Search traces for training language models: exact, labelled, controllable, with a strict checker.

Spans in this package count characters of Python strings. Files and the program `sos` count bytes of UTF-8.
"""

from ._core import FolderError, MoveError, Puzzle, RecipeError, RequestError, RowError, SosError, __version__
from .batches import Batches, Stream
from .checking import Error, RowVerdict, Taken, Verdict, check, check_row
from .datasets import Dataset, generate, load, recipes
from .environment import Draw, Environment, LawError, RulesError, heuristic, laws, register
from .play import Env, Position
from .procedural import ProceduralDataset, create_dataset, environments, score_answer
from .reports import Comparison, Difference, FileTotals, Mean, Report, Totals, compare, score
from .rewards import reward
from .scoring import Score, Scores, score_many
from .shapes import Shaped
from .token_files import write_tokens
from .tokens import Tokenizer, TokenRows, collate, tokenizer
from .tracing import Facts, Node, Trace, prove, trace, tree

__all__ = [
    "Batches",
    "Comparison",
    "Dataset",
    "Difference",
    "Draw",
    "Env",
    "Environment",
    "Error",
    "Facts",
    "FileTotals",
    "FolderError",
    "LawError",
    "Mean",
    "MoveError",
    "Node",
    "Position",
    "ProceduralDataset",
    "Puzzle",
    "RecipeError",
    "Report",
    "RequestError",
    "RowError",
    "RowVerdict",
    "RulesError",
    "Score",
    "Scores",
    "Shaped",
    "SosError",
    "Stream",
    "Taken",
    "TokenRows",
    "Tokenizer",
    "Totals",
    "Trace",
    "Verdict",
    "__version__",
    "check",
    "check_row",
    "collate",
    "compare",
    "create_dataset",
    "environments",
    "generate",
    "heuristic",
    "laws",
    "load",
    "prove",
    "recipes",
    "register",
    "reward",
    "score",
    "score_answer",
    "score_many",
    "tokenizer",
    "trace",
    "tree",
    "write_tokens",
]
