"""Cues that tell a label, and puzzles that are another one's renaming: both need more rows than labels do.

A classifier of one feature (length, presence or count of a word or of two neighbouring words, digits as one class; for candidates the
rank by length) is chosen on one half of the rows and judged on the other. It is a fault where its AUC is over 0.60 for certain.
"""

import json
import math
import os
import re
from collections import Counter

import recipes

CUES = {"countdown", "maze", "sudoku", "graph", "hanoi", "k-sat"}
EXACT_TWINS = {"cryptarithm", "knights-knaves", "maze"}  # where `invariant` is equal for renamings alone
ROWS = 700
LIMIT = 0.60
RECORDS = """
search | unpaired | preference | critique | comparison
corrupted: corruption = { kinds = [{ kind = "wrong-state" }, { kind = "illegal-move" }] }
"""


def tokens(text):
    words = [re.sub(r"\d+", "0", word) for word in text.split()]
    return words, list(zip(words, words[1:]))


def features(text):
    words, pairs = tokens(text)
    found = Counter(words)
    found.update(pairs)
    return found, len(text)


def auc(positive, negative):
    """Of two lists of numbers: how often one of the first is the greater, ties by half."""
    ranked = sorted([(v, 1) for v in positive] + [(v, 0) for v in negative])
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        rank = (at + 1 + end) / 2
        total += rank * sum(label for _, label in ranked[at:end])
        at = end
    n, m = len(positive), len(negative)
    return (total - n * (n + 1) / 2) / (n * m)


def strongest(rows):
    """`rows`: (text, label). The strongest cue: (name, AUC on the second half, its lower bound)."""
    rows = [(features(text), label) for text, label in rows]
    half = len(rows) // 2
    first, second = rows[:half], rows[half:]
    counts = [Counter(), Counter()]
    sizes = [sum(1 for _, label in first if bool(label) == side) for side in (False, True)]
    if min(sizes) < 20:
        return None
    for (found, _), label in first:
        counts[bool(label)].update(found.keys())
    gaps = sorted(((abs(counts[1][word] / sizes[1] - counts[0][word] / sizes[0]), str(word), word) for word in set(counts[0]) | set(counts[1])), reverse=True)
    candidates = [("length", lambda f: f[1])]
    for _, name, word in gaps[:12]:
        candidates.append((f"presence of {name}", lambda f, word=word: word in f[0]))
        candidates.append((f"count of {name}", lambda f, word=word: f[0][word]))

    def score(part, value):
        return auc([value(f) for f, label in part if label], [value(f) for f, label in part if not label])
    best = max(candidates, key=lambda c: abs(score(first, c[1]) - 0.5))
    sign = 1 if score(first, best[1]) >= 0.5 else -1
    n, m = (sum(1 for _, label in second if bool(label) == side) for side in (True, False))
    if min(n, m) < 20:
        return None
    value = 0.5 + sign * (score(second, best[1]) - 0.5)
    return best[0], value, value - 2.6 * math.sqrt((n + m + 1) / (12 * n * m))


def labels(options, environment, folder, faults, counts):
    """Labelled columns of a dataset in `compact`."""
    text = recipes.recipe(environment, "compact", RECORDS, ROWS, 1, options.seed + 1, recipes.searches(environment)[:2])
    rows = recipes.generate(options.program, text, os.path.join(folder, "cues"))
    labelled = {
        "label of unpaired": [(r["completion"], r["label"]) for r in rows["unpaired"]],
        "chosen and rejected": [pair for r in rows["preference"] for pair in ((r["chosen"], True), (r["rejected"], False))],
        "candidate_right of critique": [(r["candidate"], r["candidate_right"]) for r in rows["critique"]],
        "candidates of comparison": [pair for r in rows["comparison"] for pair in zip(r["candidates"], r["candidates_right"])],
        "corrupted against clean": [pair for a, b in zip(rows["corrupted"], rows["search"]) if json.loads(a["defects"]) for pair in ((a["completion"], True), (b["completion"], False))],
    }
    for name, texts in labelled.items():
        found = strongest(texts)
        if found:
            counts["labelled columns measured"] = counts.get("labelled columns measured", 0) + 1
            if found[2] > LIMIT:
                faults.append(f"{environment} compact: {name}: {found[0]} tells it, AUC {found[1]:.2f} (at least {found[2]:.2f})")
    ranks = Counter()
    whole = [r for r in rows["comparison"] if sum(r["candidates_right"]) == 1 and len(r["candidates"]) == 4 and len({len(c) for c in r["candidates"]}) == 4]
    for r in whole:
        ranks[sorted(range(4), key=lambda k: len(r["candidates"][k])).index(r["candidates_right"].index(True))] += 1
    for rank, count in ranks.items():
        share = count / len(whole)
        # A guess by rank that is right in 40 of 100 rows of four is as good as an AUC of 0.60.
        if len(whole) > 60 and share - 2.6 * math.sqrt(share * (1 - share) / len(whole)) > 0.40:
            faults.append(f"{environment} compact: the right candidate is number {rank + 1} by length in {share:.0%} of {len(whole)} comparisons")
    counts["rows"] = counts.get("rows", 0) + sum(map(len, rows.values()))


def twins(options, environment, folder, puzzles, faults, counts):
    """No test puzzle is a renaming or a mirror image of a training puzzle."""
    text = recipes.recipe(environment, "compact", "answer", 500, 150, options.seed + 2)
    rows = recipes.generate(options.program, text, os.path.join(folder, "twins"))["answer"]
    train = {puzzles.get(row["puzzle"]).invariant() for row in rows if row["split"] == "train"}
    test = [row for row in rows if row["split"] != "train"]
    leaked = sum(puzzles.get(row["puzzle"]).invariant() in train for row in test)
    counts["puzzles looked up among renamings"] = counts.get("puzzles looked up among renamings", 0) + len(test)
    counts["rows"] = counts.get("rows", 0) + len(rows)
    if leaked:
        faults.append(f"{environment}: {leaked} of {len(test)} test puzzles are renamings or mirror images of training puzzles")
