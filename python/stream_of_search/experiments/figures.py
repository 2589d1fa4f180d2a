"""Results as figures on the page of `sos view`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .._core import __version__, write_page
from . import report
from .experiment import Experiment, Reading, read
from .measures import MEASURES, NUMBERS
from .results import Interval, Line, Results, interval, judge, matrix
from .results import read as read_results


def write(folder: Path, page: Path) -> Path:
    """Writes the page of all results in a folder, as one HTML file that needs no network. With the ending `.json` its data alone.

    folder: has `SCALE/NAME/*.jsonl`.
    """
    experiments = [told(read(path.name), read_results(path)) for path in report.found(folder)]
    about = {"kind": "evidence", "name": folder.resolve().name, "version": __version__, "configs": [], "rows": 0, "figures": True}
    page.parent.mkdir(parents=True, exist_ok=True)
    write_page(page, json.dumps({"about": about, "rows": [], "stats": {"experiments": experiments}}))
    return page


def told(experiment: Experiment, results: Results) -> dict[str, Any]:
    """The figures of an experiment at a scale. Shares are from 0 to 1."""
    report.check(experiment, results)
    arms = report.arms_with_results(experiment, results)
    shown = report.shown(experiment, results)
    measures = {name: MEASURES.get(name) or NUMBERS[name] for _, name in shown}
    return {
        "name": experiment.name,
        "scale": results.scale,
        "question": experiment.question,
        "says": " ".join(experiment.says.split()),
        "command": f"sos-experiments run {experiment.name} --scale {results.scale}",
        "cost": report.cost(experiment, results),
        "arms": [{"name": arm.name, "says": arm.says, "seeds": len(results.seeds(arm.name))} for arm in report.planned(experiment, results)],
        "measures": measures,
        "packs": {pack.name: pack.says for pack in experiment.packs},
        "curves": [
            {"pack": pack, "measure": measure, "arm": arm, "points": points}
            for pack, measure in shown
            for arm in arms
            if (points := _points(results.curve(arm, pack), measure))
        ],
        "readings": [_reading(results, reading) for reading in report.readings(experiment, results)],
    }


def _points(curve: list[list[Line]], measure: str) -> list[dict[str, Any]]:
    """The points of a learning curve: at each budget the mean of all seeds with its interval."""
    points = []
    for lines in curve:
        mean = _mean(lines, measure)
        if mean is not None:
            points.append({"tokens": lines[0].tokens, "rows": lines[0].rows, "seeds": len(lines), "mean": mean})
    return points


def _mean(lines: list[Line], measure: str) -> dict[str, float] | None:
    if measure in NUMBERS:
        values = [line.numbers[measure] for line in lines if measure in line.numbers]
        return {"mean": sum(values) / len(values), "low": min(values), "high": max(values)} if values else None
    there = [line for line in lines if set(line.outcomes.get(measure, "-")) != {"-"}]
    return _share(interval(matrix(there, measure))) if there else None


def _share(found: Interval) -> dict[str, float]:
    return {"mean": found.value / 100, "low": found.low / 100, "high": found.high / 100}


def _reading(results: Results, reading: Reading) -> dict[str, Any]:
    came = judge(results, reading)
    shared = {"says": reading.says, "bounds": report.bounds(reading)}
    return shared | ({"word": "not run", "found": None} if came is None else {"word": came[1], "found": _share(came[0])})
