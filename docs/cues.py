"""The tables of docs/cues.md: python3 docs/cues.py FILE..., files of `sos cues --json`.

A row for each label of each config: its strongest cue in the recipe's own dialect and in compact. Where a config declares cues, the
declared families that tell it are named with their measured area."""

import json
import os
import sys

TOLD = 0.60


def main(files):
    rows = {}
    for file in files:
        for line in open(file):
            found = json.loads(line)
            cue = found["cue"]
            dialect = "compact" if file.endswith(".compact.json") else "own"
            recipe = os.path.basename(found["of"]).removesuffix(".toml")
            key = (recipe, cue["config"], cue["label"])
            rows.setdefault(key, {"own": [], "compact": []})[dialect].append(cue)
    print("| recipe | config | label | samples | own dialect | `compact` | declared |")
    print("|---|---|---|---|---|---|---|")
    for (recipe, config, label), cues in sorted(rows.items()):
        best = {name: max(found, key=lambda cue: cue["auc"], default=None) for name, found in cues.items()}
        one = best["own"] or best["compact"]
        both = cues["own"] + cues["compact"]
        told = {}
        for cue in both:
            if "declared" in cue and cue["auc"] > TOLD:
                told[cue["family"]] = max(told.get(cue["family"], 0), cue["auc"])
        declared = ", ".join(f"{family} {auc:.2f}" for family, auc in sorted(told.items()))
        shown = [show(best[name]) for name in ("own", "compact")]
        samples = "{} + {}".format(*one["samples"])
        if shown_before(recipe, label, samples, *shown, declared):
            continue
        print(f"| {recipe} | {config} | {label} | {samples} | {shown[0]} | {shown[1]} | {declared} |")


def shown_before(*row, seen=set()):
    """Whether an arm has the same candidates as one before: the same figures."""
    return row in seen or seen.add(row)


def show(cue):
    if cue is None:
        return ""
    low, high = cue["interval"]
    finding = " **told**" if cue["auc"] > TOLD and low > 0.5 and "declared" not in cue else ""
    return f"{cue['auc']:.2f} ({low:.2f} to {high:.2f}) {cue['family']}{finding}"


main(sys.argv[1:])
