"""The command `sos-experiments`, which is `python -m stream_of_search.experiments`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from .._core import RequestError
from .experiment import Experiment, Scale, names, read

#: Tokens a second that a processor of a laptop trains.
_RATE = 25_000


def main(arguments: list[str] | None = None) -> int:
    """Runs the command. Gives the exit code: 0, or 2 for a wrong argument, or 3 where the time ran out before the last run ended."""
    parser = argparse.ArgumentParser("sos-experiments", description="Trains tiny decoders on search traces and tells what the traces did.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the experiments, and how long they take")
    run = commands.add_parser("run", help="train the arms of an experiment, or go on with it")
    run.add_argument("name", help="the name of an experiment, or a TOML file")
    run.add_argument("--scale", default="first", help="smoke, first, small or full (default: first)")
    run.add_argument("--seeds", type=int, help="number of seeds, in the place of the scale's")
    run.add_argument("--hours", type=float, help="stop after so many hours; the same command goes on later")
    run.add_argument("--jobs", type=int, help="runs side by side (default: one a processor)")
    run.add_argument("--out", type=Path, default=Path("runs"), help="folder of the results (default: runs)")
    report = commands.add_parser("report", help="tables and plots of results")
    report.add_argument("folder", nargs="?", type=Path, default=Path("runs"), help="folder of the results (default: runs)")
    report.add_argument("--out", type=Path, help="the page (default: evidence.md in the folder)")
    report.add_argument("--html", type=Path, metavar="FILE", help="writes the figures as one HTML file, the page of sos view, in the place of the Markdown page")
    options = parser.parse_args(arguments)
    try:
        done = {"list": _list, "run": _run, "report": _report}[options.command](options)
        sys.stdout.flush()
        return done
    except BrokenPipeError:
        # Who read has gone. Python would try to write once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (RequestError, ValueError) as error:
        print(f"sos-experiments: {error}", file=sys.stderr)
        return 2


def _list(options: argparse.Namespace) -> int:
    for name in names():
        experiment = read(name)
        print(f"{name:24} {experiment.question}")
        for scale, told in experiment.scales.items():
            runs, tokens = told.seeds * len(experiment.arms_of(told)), experiment.tokens(told)
            print(f"{'':24} {scale:5} {runs:3} runs, {tokens:6.1f} million tokens, about {_time(tokens)}")
    cores = os.cpu_count() or 1
    print(f"Times are for the {cores} processors of this machine at {_RATE:,} tokens a second each; tests take some more.")
    return 0


def _time(tokens: float) -> str:
    minutes = tokens * 1e6 / _RATE / 60 / (os.cpu_count() or 1)
    if minutes >= 90:
        return f"{minutes / 60:.1f} hours"
    return f"{minutes:.0f} minutes" if minutes >= 1.5 else "a minute"


def _run(options: argparse.Namespace) -> int:
    from .running import run

    experiment = read(options.name)
    scale = _scale(experiment, options.scale)
    folder = options.out / options.scale / experiment.name
    whole = run(experiment, scale, folder, seeds=options.seeds, hours=options.hours, jobs=options.jobs, say=_say)
    print(f"results: {folder}")
    return 0 if whole else 3


def _say(line: str) -> None:
    print(line, flush=True)


def _scale(experiment: Experiment, name: str) -> Scale:
    if name not in experiment.scales:
        raise RequestError(f"--scale {name}: {experiment.name} has the scales {', '.join(experiment.scales)}")
    return experiment.scales[name]


def _report(options: argparse.Namespace) -> int:
    from . import figures, report

    if options.html and options.out:
        raise RequestError("--out is the place of the Markdown page, and --html that of the HTML page; give one of them")
    print(figures.write(options.folder, options.html) if options.html else report.write(options.folder, options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
