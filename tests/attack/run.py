#!/usr/bin/env python3
"""An attack on the product by a second, separate verifier.

It makes datasets with the program, reads their rows as a reader would (text and JSON, nothing else), replays them by its own rules of
each puzzle, works costs, counts and labels out again, looks for leaks and cues, and gives the program's checker texts whose meaning
was changed. It shares no code with the project. Standard library only.

usage: python3 tests/attack/run.py --program target/release/sos [--rows N] [--mutants N] [--seed S] [--environments a,b]
"""

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cues
import mutate
import recipes
from puzzles import PUZZLES
from records import Rows


class Memory(dict):
    """Puzzles by their JSON."""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def get(self, text):
        if text not in self:
            self[text] = self.kind(json.loads(text))
        return self[text]


def plain_prompts(configs):
    """A row's own prompt, without a promise, a question or a candidate: that of the plain row of its index."""
    found = {(row["split"], row["index"]): row["prompt"] for row in configs.get("search", ())}
    for rows in configs.values():
        for row in rows:
            row["prompt_of_puzzle"] = found.get((row["split"], row["index"]), row.get("prompt", ""))


def leaks(rows, puzzles, faults, environment):
    """No puzzle of one split stands in another one, under its id or under an invariant that renaming keeps."""
    for name, value in (("id", lambda row: row["id"]), ("twin", lambda row: row.get("twin")), ("invariant", lambda row: puzzles.get(row["puzzle"]).invariant())):
        splits = {}
        for row in rows:
            key = value(row)
            if key is not None:
                splits.setdefault(key, set()).add(row["split"])
        shared = sum(len(s) > 1 for s in splits.values())
        if shared and name == "invariant" and environment not in cues.EXACT_TWINS:
            continue
        if shared:
            faults.append(f"{environment}: {shared} of {len(splits)} puzzles stand in two splits, by their {name}")


def one(task):
    environment, options = task
    began = time.time()
    faults, counts = [], {}
    folder = tempfile.mkdtemp(prefix=f"attack-{environment}-")
    try:
        puzzles = Memory(PUZZLES[environment])
        for dialect in recipes.dialects(environment, options.dialects):
            clean, configs = [], {}
            for records, tag in ((recipes.traces(dialect), "traces"), (recipes.CANDIDATES, "candidates")):
                text = recipes.recipe(environment, dialect, records, options.train, options.test, options.seed)
                try:
                    made = recipes.generate(options.program, text, os.path.join(folder, f"{dialect}-{tag}"))
                except recipes.Refused as refused:
                    faults.append(f"{environment} {dialect} {tag}: the recipe is refused: {refused}")
                    continue
                if tag == "traces":
                    configs = made
                plain = {(r["split"], r["index"]): r["prompt"] for r in configs.get("search", ())}
                checker = Rows(environment, puzzles, faults, counts)
                for config in made.values():
                    for row in config:
                        row["prompt_of_puzzle"] = plain.get((row["split"], row["index"]), row.get("prompt", ""))
                        try:
                            checker.check(row)
                        except Exception:
                            faults.append(f"{environment} {dialect} {row['record']} {row['index']}: the verifier fails: {traceback.format_exc(limit=-3)}")
                clean += checker.clean
            if dialect == "compact":
                leaks(configs.get("search", []), puzzles, faults, environment)
            mutate.attack(options, environment, dialect, puzzles, clean, faults, counts)
        if options.many and environment in cues.CUES:
            cues.labels(options, environment, folder, faults, counts)
        if options.many and environment in cues.EXACT_TWINS:
            cues.twins(options, environment, folder, puzzles, faults, counts)
    except Exception:
        faults.append(f"{environment}: {traceback.format_exc(limit=-4)}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return environment, faults, counts, time.time() - began


def main():
    parser = argparse.ArgumentParser(description="A second, separate verifier and mutator.")
    parser.add_argument("--program", default="target/release/sos")
    parser.add_argument("--rows", type=int, default=21000, help="about so many rows are verified")
    parser.add_argument("--mutants", type=int, default=58000, help="about so many changed texts are checked")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--environments", default="", help="names with commas; all unless said")
    parser.add_argument("--dialects", default="", help="names with commas; all that are read unless said")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--show", type=int, default=4, help="faults that are shown of an environment")
    parser.add_argument("--no-cues", action="store_true", help="leave out cues and twins, which need many rows")
    options = parser.parse_args()
    names = options.environments.split(",") if options.environments else list(PUZZLES)
    unknown = [name for name in names if name not in PUZZLES]
    if unknown:
        parser.error(f"unknown environments: {', '.join(unknown)}")
    options.program = os.path.abspath(options.program)
    options.dialects = options.dialects.split(",") if options.dialects else []
    options.many = not options.no_cues
    pairs = [(name, dialect) for name in names for dialect in recipes.dialects(name, options.dialects)]
    configs = sum(1 for _, dialect in pairs for text in (recipes.traces(dialect), recipes.CANDIDATES) for _ in recipes.kinds(text))
    each = max(2, round(options.rows / max(1, configs)))
    options.test = max(1, each // 4)
    options.train = each - options.test
    options.mutants_each = -(-options.mutants // max(1, len(pairs)))
    began, bad, totals = time.time(), 0, {}
    with multiprocessing.Pool(options.processes) as pool:
        for environment, faults, counts, seconds in pool.imap_unordered(one, [(name, options) for name in names]):
            for key, value in counts.items():
                totals[key] = totals.get(key, 0) + value
            bad += len(faults)
            print(f"{environment}: {counts.get('rows', 0)} rows, {counts.get('mutants', 0)} mutants, {len(faults)} faults, {seconds:.0f} s", flush=True)
            for fault in faults[:options.show]:
                print(f"    {fault}"[:700], flush=True)
            if len(faults) > options.show:
                print(f"    and {len(faults) - options.show} more", flush=True)
    for key in sorted(totals):
        print(f"{key}: {totals[key]}")
    print(f"{'FAULTS: ' + str(bad) if bad else 'no faults'} in {time.time() - began:.0f} s")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
