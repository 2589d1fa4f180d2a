#!/usr/bin/env python3
"""Holds a build to its budgets (.ci/budgets.toml).

    budgets.py build COMMAND …    runs a command that builds the program, and measures the processor's time and the program's size
    budgets.py ir                 counts what the compiler makes of the library before it optimises
"""

import pathlib
import resource
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUDGETS = tomllib.loads((ROOT / ".ci/budgets.toml").read_text())


def hold(measured):
    over = False
    for name, value in measured.items():
        budget = BUDGETS[name]
        over |= value > budget
        print(f"{name}: {value:,} of {budget:,}{'  OVER' if value > budget else ''}", flush=True)
    if over:
        sys.exit("over budget: make the build lighter, or raise the budget in .ci/budgets.toml and say why")


def build(command):
    start = time.monotonic()
    subprocess.run(command, check=True, cwd=ROOT)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{time.monotonic() - start:.0f} seconds on the clock")
    size = (ROOT / "target/release/sos").stat().st_size
    hold({"build_cpu_seconds": round(used.ru_utime + used.ru_stime), "program_bytes": size})


def ir():
    # Other flags for the library alone: the crates below it stay those of the release build.
    flags = ["--emit=llvm-ir", "-Cno-prepopulate-passes", "-Copt-level=0", "-Cdebuginfo=0", "-Ccodegen-units=1"]
    command = ["cargo", "rustc", "--release", "--quiet", "-p", "stream-of-search", "--lib", "--", *flags]
    subprocess.run(command, check=True, cwd=ROOT)
    files = (ROOT / "target/release/deps").glob("stream_of_search-*.ll")
    newest = max(files, key=lambda path: path.stat().st_mtime)
    lines = functions = 0
    inside = False
    with newest.open(errors="replace") as text:
        for line in text:
            if line.startswith("define "):
                inside, functions = True, functions + 1
            elif line.startswith("}"):
                inside = False
            else:
                lines += inside
    newest.unlink()
    hold({"ir_lines": lines, "ir_functions": functions})


if sys.argv[1:2] == ["build"] and len(sys.argv) > 2:
    build(sys.argv[2:])
elif sys.argv[1:] == ["ir"]:
    ir()
else:
    sys.exit(__doc__)
