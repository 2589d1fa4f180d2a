"""Labels of every kind of record, worked out again from a row alone."""

import json

import papers
from puzzles.values import Values
from replay import replay

# Classes that the verifier finds in a text by itself whenever they are there: rules without a search.
CERTAIN = {"arithmetic", "illegal-move", "wrong-state", "false-goal", "wrong-answer", "unknown-node"}
# A value that a rule excludes by what is left to other variables is an illegal move to the program, and not for certain one to the verifier, whose rules
# look at decided variables and bounds alone.
BY_BOUNDS = CERTAIN - {"illegal-move"}
PLAIN = {"search", "direct", "optimal", "success-only", "shortened", "detours", "tree", "subgoal", "messages", "answer"}
EXPLORING = {"truncated", "random-walk", "return-conditioned"}


def squash(text):
    return "".join(ch for ch in text if ch.isalnum() or ch in "+*/#")


class Verdict:
    """What the verifier says of a text behind a prompt."""

    def __init__(self, puzzle, dialect, prompt, text, heuristic=""):
        self.result = papers.replay(puzzle, dialect, text, heuristic) if dialect in papers.PAPERS else replay(puzzle, dialect, prompt, text, heuristic)
        self.error = self.result.error
        answers = self.result.answers
        self.answer_right = answers[-1][0] if answers else None
        self.one_answer = len({repr(a[1]) for a in answers}) <= 1
        self.unreadable = bool(self.error) and self.error.startswith("unreadable")
        if answers:
            self.solved = self.answer_right
        else:
            self.solved = self.result.solved if not self.error else None
        self.right = self.solved and not self.error


class Rows:
    """Goes over rows of one environment; faults are collected in `faults`, counts in `counts`."""

    def __init__(self, environment, puzzles, faults, counts):
        self.environment, self.puzzles, self.faults, self.counts = environment, puzzles, faults, counts
        self.clean = []  # (row, prompt, text) of texts that are right in all, for the mutator

    def fault(self, row, what):
        self.faults.append(f"{self.environment} {row['dialect']} {row['record']} {row['split']} {row['index']}: {what}")

    def count(self, what, by=1):
        self.counts[what] = self.counts.get(what, 0) + by

    def verdict(self, puzzle, row, text, heuristic=""):
        return Verdict(puzzle, row["dialect"], row["prompt_of_puzzle"], text, heuristic)

    def check(self, row):
        puzzle = self.puzzles.get(row["puzzle"])
        self.count("rows")
        self.facts(puzzle, row)
        record = row["record"]
        kind = next((k for k in ("return-conditioned", "success-only", "random-walk") if record.startswith(k)), record.split("-")[0])
        kind = {"imitation": "imitation", "corrupted": "corrupted"}.get(kind, kind)
        if kind in PLAIN or kind in EXPLORING:
            self.plain(puzzle, row, kind)
        else:
            getattr(self, "on_" + kind.replace("-", "_"))(puzzle, row)

    def facts(self, puzzle, row):
        """Optimal cost, whether there is a solution, how many there are."""
        memo = puzzle.__dict__.setdefault("_facts", {})
        if "cheapest" not in memo:
            memo["cheapest"], memo["solutions"] = puzzle.cheapest(), puzzle.solutions()
        known, cost = memo["cheapest"]
        if known:
            self.count("costs recomputed")
            if row["optimal_cost"] != cost or row["solvable"] != (cost is not None):
                self.fault(row, f"optimal_cost {row['optimal_cost']}, solvable {row['solvable']}; recomputed: {cost}")
        if memo["solutions"] is not None and row["solutions"] is not None and row["solutions"] != memo["solutions"]:
            self.fault(row, f"solutions {row['solutions']}; counted: {memo['solutions']}")

    def column(self, row, name, expected):
        """A column that may be new, and what it is known to be."""
        if name in row and expected is not None and row[name] != expected:
            self.fault(row, f"column {name} is {row[name]!r}; worked out: {expected!r}")

    def labels(self, row, verdict):
        if verdict.unreadable:
            return
        self.column(row, "solved", verdict.solved)
        if verdict.result.answers:
            self.column(row, "answer_right", verdict.answer_right)
        if not verdict.error:
            self.column(row, "trace_solved", verdict.result.solved)

    def plain(self, puzzle, row, kind):
        text = row["completion"] if "completion" in row else row["messages"][-1]["content"]
        heuristic = row["heuristic"] if kind in ("search", "success-only", "return-conditioned") else ""
        verdict = self.verdict(puzzle, row, text, heuristic)
        if verdict.error:
            self.fault(row, f"{verdict.error}")
            return
        self.labels(row, verdict)
        if kind == "return-conditioned":
            promise = row["prompt"].split("->", 1)[0]
            if verdict.result.solved is False and float(promise) != 0:
                self.fault(row, f"promises {promise} for a trace that fails")
            if row.get("return_percent") is not None and round(float(promise) * 100) != row["return_percent"]:
                self.fault(row, f"promises {promise}, and the column says {row['return_percent']}")
        if kind in ("optimal", "detours") and verdict.result.solved and puzzle._facts["cheapest"][0] and verdict.result.cost is not None:
            least = puzzle._facts["cheapest"][1]
            if verdict.result.cost != least and not verdict.result.unsolvable:
                self.fault(row, f"a solution of cost {verdict.result.cost} where {least} is enough")
        if kind == "success-only" and verdict.result.solved is False:
            self.fault(row, "success-only does not reach a goal")
        if kind in ("search", "direct", "optimal", "answer") and "prompt" in row:
            self.clean.append((row, row["prompt_of_puzzle"], text))

    def on_swapped(self, puzzle, row):
        self.answered(puzzle, row)

    def on_dropped(self, puzzle, row):
        self.answered(puzzle, row)

    def answered(self, puzzle, row):
        """The trace is what it is; the answer is right."""
        verdict = self.verdict(puzzle, row, row["completion"])
        if verdict.result.answers and verdict.answer_right is False:
            self.fault(row, "the answer is wrong")
        self.labels(row, verdict)
        return verdict

    def on_corrupted(self, puzzle, row):
        verdict = self.verdict(puzzle, row, row["completion"])
        defects = json.loads(row["defects"])
        self.labels(row, verdict)
        self.spans(row, defects, row["completion"])
        if not defects:
            if verdict.error:
                self.fault(row, f"no defect is labelled: {verdict.error}")
            return
        self.count("corrupted")
        if verdict.error:
            self.count("corrupted, found")
        elif any(d["class"] in self.certain(puzzle) and d["kind"] not in ("dropped-step", "repeated-step") for d in defects):
            self.fault(row, f"labelled {[d['class'] for d in defects]}, and nothing is wrong")

    @staticmethod
    def certain(puzzle):
        return BY_BOUNDS if isinstance(puzzle, Values) else CERTAIN

    def spans(self, row, defects, text):
        data = text.encode()
        for defect in defects:
            if not defect.get("span"):
                continue
            begin, end = defect["span"][-2:]
            piece = data[begin:end].decode(errors="replace")
            self.count("spans")
            if not 0 <= begin <= end <= len(data):
                self.fault(row, f"span {defect['span']} is outside the text")
            elif defect["class"] in ("arithmetic", "illegal-move", "unknown-node") and defect["kind"] not in ("dropped-step", "repeated-step", "shuffled-steps", "wrong-answer"):
                if not self.says(row, piece, defect["found"]):
                    self.fault(row, f"span {defect['span']} is {piece!r}, found is {defect['found']!r}")

    @staticmethod
    def says(row, piece, found):
        if row["dialect"] in ("events", "sudoku"):
            return True  # found is a move or state of a node; the span is that of the event or the node
        one, other = squash(piece), squash(found)
        return one == other or other in one or one in other

    def on_rl(self, puzzle, row):
        """A prompt without an answer: the puzzle is the row's in every column that has one."""
        turns = row["prompt"]
        if [turn["role"] for turn in turns] != ["user"] or "completion" in row or row["read"] != "answer":
            self.fault(row, "not a conversation of one turn whose answer is read")
        truth = json.loads(row["reward_model"]["ground_truth"])
        own = json.loads(row["puzzle"]) if isinstance(row["puzzle"], str) else row["puzzle"]
        if truth != {"env": row["env"], "read": "answer", "puzzle": own} or row["data_source"] != row["env"]:
            self.fault(row, "the reward is of another puzzle")
        if row["solved"] or row["trace_solved"] is not None or row["answer_right"] is not None:
            self.fault(row, "it says that it solves its puzzle")

    def on_backtrack(self, puzzle, row):
        verdict = self.verdict(puzzle, row, row["completion"].split(row["token"])[0])
        if row.get("bad") in ("", None) and verdict.error and row["token"] not in row["completion"]:
            self.fault(row, f"a right beginning has an error: {verdict.error}")

    # Candidates.

    def candidate(self, puzzle, row, text, label, classes=()):
        """A candidate that is called right is right; one that is called wrong is wrong where that can be said for certain."""
        verdict = self.verdict(puzzle, row, text)
        self.count("candidates")
        if label and verdict.error:
            self.fault(row, f"a candidate that is labelled right is wrong: {verdict.error}")
        elif label and verdict.solved is False:
            self.fault(row, "a candidate that is labelled right solves nothing")
        elif not label:
            self.count("wrong candidates")
            if verdict.right:
                if any(c in self.certain(puzzle) for c in classes):
                    self.fault(row, f"a candidate that is labelled wrong ({', '.join(classes)}) is right")
            else:
                self.count("wrong candidates, found")
        return verdict

    def on_critique(self, puzzle, row):
        self.candidate(puzzle, row, row["candidate"], row["candidate_right"], [row.get("first_error_class") or ""])
        lines = row["completion"].strip().splitlines()
        if row.get("critique_of") in (0, None) and not row.get("noise") or row.get("noise") in ([], "[]"):
            said = lines[-1].replace("[END]", "").strip().lower()
            if ("right" in said) != bool(row["candidate_right"]) and "critique_of" in row and row.get("arm") in ("critique", "verdict"):
                self.fault(row, f"the critique concludes {said!r} of a candidate that is right: {row['candidate_right']}")
            if row["candidate_right"] and any("wrong" in line for line in lines):
                self.fault(row, "the critique of a right candidate speaks of something wrong")

    def on_criteria(self, puzzle, row):
        self.candidate(puzzle, row, row["candidate"], row["candidate_right"])

    def on_imitation(self, puzzle, row):
        if row["record"] == "imitation-ugly" or row["style"] == "ugly-right":
            if not row["content_right"]:
                self.fault(row, "ugly-right is not right")
            return
        self.candidate(puzzle, row, row["completion"], row["content_right"])
        if row["style"] == "fluent-wrong" and row["content_right"]:
            self.fault(row, "fluent-wrong is right")

    def on_correction(self, puzzle, row):
        first, second = row["messages"][1]["content"], row["messages"][3]["content"]
        defects = json.loads(row["defects"])
        self.candidate(puzzle, row, first, row["first_right"], [d["class"] for d in defects])
        self.candidate(puzzle, row, second.split("\n\n")[-1] if row.get("second") == "critique" else second, row["second_right"])
        for text, begin, end in json.loads(row["skip_spans"]) if isinstance(row["skip_spans"], str) else row["skip_spans"]:
            if text != 1 or begin != 0 or end != len(first.encode()):
                self.fault(row, f"skip_spans {row['skip_spans']} are not the first answer")

    def on_comparison(self, puzzle, row):
        right = row["candidates_right"]
        for text, label in zip(row["candidates"], right):
            self.candidate(puzzle, row, text, label)
        said = row["completion"].strip().split("Answer: ")[-1].split()[0]
        rights = [k + 1 for k, label in enumerate(right) if label]
        if said != (str(rights[0]) if rights else "none") or len(rights) > 1:
            self.fault(row, f"answers {said}, and right are {rights}")

    def on_group(self, puzzle, row):
        for number, text in enumerate(row["completions"]):
            verdict = self.verdict(puzzle, row, text)
            self.count("candidates")
            reward, wrong = row["rewards"][number], row["wrong_steps"][number]
            if verdict.unreadable:
                continue
            # Without an answer section the trace alone is paid, where it is clean.
            if verdict.result.answers or not verdict.error:
                expected = 1 if verdict.solved and verdict.one_answer else 0
                if reward != expected:
                    self.fault(row, f"trajectory {number} has reward {reward}; worked out: {expected}")
            if verdict.error and not verdict.error.startswith(("the answer", "there is a solution, and")) and wrong == 0:
                self.fault(row, f"trajectory {number} has no wrong step; {verdict.error}")
            if row["lengths"][number] != len(text.encode()):
                self.fault(row, f"trajectory {number} has length {row['lengths'][number]}, not {len(text.encode())}")

    def on_preference(self, puzzle, row):
        self.candidate(puzzle, row, row["chosen"], True)
        self.candidate(puzzle, row, row["rejected"], False, [d["class"] for d in json.loads(row["defects"])])

    def on_unpaired(self, puzzle, row):
        self.candidate(puzzle, row, row["completion"], row["label"], [d["class"] for d in json.loads(row["defects"])])

    def on_stepwise(self, puzzle, row):
        text = "".join(row["completions"])
        labels, defects = row["labels"], json.loads(row["defects"])
        if len(labels) != len(row["completions"]):
            self.fault(row, f"{len(labels)} labels of {len(row['completions'])} steps")
        if all(labels):
            verdict = self.verdict(puzzle, row, text)
            if verdict.error:
                self.fault(row, f"all steps are labelled right: {verdict.error}")
        else:
            self.candidate(puzzle, row, text, False, [d["class"] for d in defects])
            # What stands before the first wrong step is right.
            before = "".join(row["completions"][:labels.index(False)])
            if row["dialect"] != "events" and before.strip():
                verdict = self.verdict(puzzle, row, before)
                if verdict.error and not verdict.unreadable:
                    self.fault(row, f"an error before the first step that is labelled wrong: {verdict.error}")
