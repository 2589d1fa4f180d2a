#!/usr/bin/env python3
"""Shows that the attack is able to fail: it runs it against the program with one thing broken at a time.

A breakage changes what the program says on its way out: an error of one class is dropped from every verdict, a label or a number of every
row is changed, a check looks at the last answer alone. Each must make the attack fail; without one it must not.

usage: python3 tests/attack/breakages.py --program target/release/sos
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def without(name):
    """Errors of a class are not seen."""
    def change(verdict):
        if any(error["class"] == name for error in verdict.get("errors", ())):
            verdict["errors"] = [error for error in verdict["errors"] if error["class"] != name]
            verdict["first_error"] = verdict["errors"][0] if verdict["errors"] else None
            verdict["valid"] = not verdict["errors"]
    return change


def any_goal(verdict):
    without("false-goal")(verdict)
    verdict["solved"] = verdict.get("solved") is not None


def strict(verdict):
    if verdict.get("valid") and verdict.get("metrics", {}).get("nodes", 0) > 6:
        verdict.update(valid=False, errors=[{"class": "malformed"}])


def generous(verdict):
    if verdict.get("errors") and "reward" in verdict:
        verdict["reward"] = 1.0


def stingy(verdict):
    if not verdict.get("valid") and "reward" in verdict:
        verdict["reward"] = 0.0


def column(name, change, only=None):
    def apply(row):
        if name in row and row[name] is not None and (only is None or only(row)):
            row[name] = change(row[name])
    return apply


def shifted(defects):
    out = json.loads(defects)
    for defect in out:
        if defect.get("span"):
            defect["span"] = [place + 14 for place in defect["span"]]
    return json.dumps(out)


def one_digit(text):
    return re.sub(r"\d+", lambda m: str(int(m[0]) + 1), text, count=1)


VERDICTS = {name: without(name) for name in (
    "arithmetic", "illegal-move", "wrong-state", "unknown-node", "duplicate-node", "wrong-cost", "wrong-parent", "not-open", "already-closed", "false-goal",
    "false-dead-end", "wrong-answer", "false-unsolvable", "malformed", "truncated")}
VERDICTS.update({"any goal is accepted": any_goal, "long right texts are refused": strict, "wrong texts are rewarded": generous, "a wrong trace costs the reward": stingy})
ROWS = {
    "optimal_cost is one more": column("optimal_cost", lambda n: n + 1),
    "solutions is one more": column("solutions", lambda n: n + 1),
    "solved is turned": column("solved", lambda b: not b),
    "a number of every clean completion is one more": column("completion", one_digit, lambda row: row["record"] == "search"),
    "labels are turned": column("label", lambda b: not b),
    "candidates are all called right": column("candidates_right", lambda labels: [True for _ in labels]),
    "chosen is what was rejected": lambda row: row.update(chosen=row["rejected"], rejected=row["chosen"]) if "chosen" in row else None,
    "rewards are all 1": column("rewards", lambda rewards: [1 for _ in rewards]),
    "spans are 14 bytes off": column("defects", shifted, lambda row: row["record"].startswith("corrupted")),
    "every split holds the same ids": column("id", lambda _: "0"),
    "promises are 0.99": column("prompt", lambda text: "0.99->" + text.split("->", 1)[1], lambda row: row["record"] == "return-conditioned" and "->" in row["prompt"]),
}


def broken_program():
    """What the wrapper does: runs the program and changes what it says."""
    program, breakage = os.environ["ATTACKED"], os.environ["BREAKAGE"]
    if sys.argv[1:2] == ["check"]:
        done = subprocess.run([program] + sys.argv[1:], stdout=subprocess.PIPE)
        for line in done.stdout.decode(errors="replace").splitlines():
            verdict = json.loads(line)
            if breakage in VERDICTS:
                VERDICTS[breakage](verdict)
            print(json.dumps(verdict))
        sys.exit(done.returncode)
    done = subprocess.run([program] + sys.argv[1:])
    if breakage in ROWS and "--out" in sys.argv:
        for folder, _, files in os.walk(sys.argv[sys.argv.index("--out") + 1]):
            for name in files:
                if name.endswith(".jsonl"):
                    path = os.path.join(folder, name)
                    with open(path) as file:
                        rows = [json.loads(line) for line in file]
                    for row in rows:
                        ROWS[breakage](row)
                    with open(path, "w") as file:
                        file.writelines(json.dumps(row) + "\n" for row in rows)
    sys.exit(done.returncode)


def main():
    parser = argparse.ArgumentParser(description="The attack against a program with one thing broken at a time.")
    parser.add_argument("--program", default="target/release/sos")
    parser.add_argument("--environments", default="countdown,graph,maze,sudoku")
    options = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        wrapper = os.path.join(folder, "sos")
        with open(wrapper, "w") as file:
            file.write(f"#!/bin/sh\nexec {sys.executable} {os.path.join(HERE, 'breakages.py')} \"$@\"\n")
        os.chmod(wrapper, 0o755)
        baseline = None
        for breakage in ["nothing"] + list(VERDICTS) + list(ROWS):
            environment = dict(os.environ, ATTACKED=os.path.abspath(options.program), BREAKAGE=breakage)
            command = [sys.executable, os.path.join(HERE, "run.py"), "--program", wrapper, "--environments", options.environments, "--rows", "600", "--mutants", "3000", "--no-cues", "--show", "100000"]
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()[-200:]
            faults = {line for line in done.stdout.splitlines() if line.startswith("    ")}
            if breakage == "nothing":
                baseline = faults
                right = done.returncode == 0
            else:
                right = bool(faults - baseline)  # a fault that was not there before
            bad += not right
            print(f"{breakage}: {last}{'' if right else '   <- not as it should be'}", flush=True)
    print("every breakage makes the attack fail" if not bad else f"{bad} not as they should be")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    broken_program() if "BREAKAGE" in os.environ and sys.argv[1:2] != ["--program"] and "ATTACKED" in os.environ else main()
