"""Recipes for the attack: every environment at its easy level, in three dialects, with mixed searches and every kind of record."""

import json
import os
import subprocess

DIALECTS = ("compact", "stream-of-search", "events")
HEURISTICS = {
    "countdown": "remaining", "graph": "landmark", "maze": "manhattan", "sokoban": "matching", "sliding-tiles": "manhattan",
    "hanoi": "patterns", "blocksworld": "twice-moved", "pancake": "gap", "rush-hour": "blocking", "lights-out": "packing",
    "knights": "knight-distance", "pocket-cube": "corners", "water-jugs": "relaxed", "number-line": "largest-step",
    "river-crossing": "trips", "word-ladder": "letters",
}
BACKWARD = {"maze", "sliding-tiles", "hanoi", "blocksworld", "pancake", "lights-out", "pocket-cube", "knights", "river-crossing", "word-ladder"}
# Settings in one dialect that the easy level does not have.
VARIED = {
    ("rush-hour", "events"): "cars = 4\nwalls = 1", ("countdown", "compact"): "fractions = true", ("countdown", "events"): "fractions = true",
    ("knights-knaves", "events"): "people = 5",
}
TRACES = """
search | optimal | direct | answer | swapped | success-only | shortened | truncated | return-conditioned | random-walk | detours | tree | subgoal | messages | rl | backtrack
dropped: level = 3
corrupted: corruption = { kinds = [{ kind = "wrong-state" }, { kind = "illegal-move" }, { kind = "wrong-answer" }, { kind = "false-goal" }, { kind = "unknown-node" }, { kind = "duplicate-node" }, { kind = "wrong-backtrack" }] }
corrupted two: corruption = { count = 2, kinds = [{ kind = "false-dead-end" }, { kind = "missed-goal" }, { kind = "wrong-state" }, { kind = "dropped-step" }, { kind = "repeated-step" }] }
"""
# In the grammars of papers some defects and records make no sense (docs/corruptions.md).
PAPER_TRACES = """
search | optimal | direct | answer | swapped | success-only | truncated | return-conditioned | random-walk | messages
corrupted: corruption = { kinds = [{ kind = "wrong-state" }, { kind = "illegal-move" }, { kind = "wrong-answer" }, { kind = "wrong-backtrack", mode = "propagated" }] }
"""
CANDIDATES = """
critique | criteria | correction | comparison | preference | unpaired | stepwise
imitation: style = "clean"
imitation fluent: style = "fluent-wrong"
imitation ugly: style = "ugly-right"
group: size = 4
group hurried: max_nodes = [4, 0]
"""


def dialects(environment, asked):
    """The dialects of an environment, among those that are asked for."""
    own = DIALECTS + (("sudoku",) if environment not in HEURISTICS else ("searchformer", "beyond-semantics") if environment in ("maze", "sokoban") else ())
    return [name for name in own if not asked or name in asked]


def traces(dialect):
    return TRACES if dialect in DIALECTS else PAPER_TRACES


def kinds(text):
    for line in text.strip().splitlines():
        if ":" in line:
            head, settings = line.split(":", 1)
            kind, _, name = head.partition(" ")
            yield kind, (kind + "-" + name if name else kind).strip(), settings.strip()
        else:
            for kind in line.split("|"):
                yield kind.strip(), kind.strip(), ""


def searches(environment, dialect="compact"):
    """Searches of different orders, all bounded: a table each."""
    bound = "max_nodes = 120"
    if dialect in ("searchformer", "beyond-semantics"):
        heuristic = f'heuristic = "{HEURISTICS[environment]}"'
        return [f'kind = "bfs"\n{bound}', f'kind = "astar"\n{heuristic}\n{bound}', f'kind = "greedy"\n{heuristic}\n{bound}']
    out = [f'kind = "dfs"\n{bound}', f'kind = "bfs"\n{bound}']
    if environment in HEURISTICS:
        heuristic = f'heuristic = "{HEURISTICS[environment]}"'
        out += [f'kind = "{kind}"\n{heuristic}\n{bound}' for kind in ("astar", "greedy", "ida-star")]
        out += [f'kind = "beam"\nwidth = 2\n{heuristic}\n{bound}']
        if environment in BACKWARD:
            out.append(f'kind = "bidirectional-bfs"\n{bound}')
    else:
        out = out[:1] + [
            f'kind = "backtracking"\nvariables = "mrv"\npropagation = "forward"\n{bound}',
            f'kind = "backtracking"\nvariables = "mrv"\ninference = "mac"\n{bound}',
            f'kind = "backjumping"\ninference = "singles"\n{bound}',
        ]
    return out


def recipe(environment, dialect, records, rows, tests, seed, searched=None):
    lines = [f'name = "attack"\nseed = {seed}\ndialect = "{dialect}"\nanswer = true\n[environment]\nname = "{environment}"\nlevel = "easy"\n{VARIED.get((environment, dialect), "")}']
    if environment not in HEURISTICS and dialect in ("compact", "sudoku"):
        # Moves tell the states: some stand beside them all the same, and can be wrong.
        lines.insert(0, "restate_per_mille = 100")
    lines += [f"[[searches]]\n{search}" for search in searched or searches(environment, dialect)]
    lines.append(f"[splits.train]\nrows = {rows}\nshare = 3\n[splits.test]\nrows = {tests}\nshare = 1")
    for kind, name, settings in kinds(records):
        lines.append(f'[[records]]\nkind = "{kind}"\nname = "{name}"\n{settings}')
    return "\n".join(lines) + "\n"


class Refused(Exception):
    pass


def generate(program, text, folder):
    """The rows of a recipe by config: {config: [row]}."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "recipe.toml")
    with open(path, "w") as file:
        file.write(text)
    out = os.path.join(folder, "data")
    done = subprocess.run([program, "generate", path, "--out", out, "--format", "jsonl", "--threads", "1"], capture_output=True, text=True)
    if done.returncode:
        raise Refused(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")
    rows = {}
    for config in sorted(os.listdir(out)):
        if os.path.isdir(os.path.join(out, config)):
            rows[config] = []
            for name in sorted(os.listdir(os.path.join(out, config))):
                if name.endswith(".jsonl"):
                    with open(os.path.join(out, config, name)) as file:
                        rows[config] += [json.loads(line) for line in file]
    return rows
