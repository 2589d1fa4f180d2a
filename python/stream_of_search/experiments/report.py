"""The page of evidence: made from the lines of results alone."""

from __future__ import annotations

import os
from pathlib import Path

from .._core import RequestError
from . import plots
from .experiment import Arm, Experiment, Reading, names, read
from .measures import MEASURES, NUMBERS
from .results import Line, Results, best_of, interval, judge, matrix
from .results import read as read_results

_HEAD = """# Evidence

What the data of this program does to a model, at a size that a laptop trains: decoders of about 0.35 million parameters, trained from nothing on two CPU cores.
Every number on this page is made by `sos-experiments report` from the lines of results beside it. `sos-experiments run NAME --scale SCALE` makes them anew.

How to read it:

- An arm is a way to write the training rows. Arms of an experiment have the same puzzles, model and settings.
- Two budgets are told apart: equal tokens and equal rows. Each point of a curve ends a run of its own: the rate of learning falls to nothing in its last fifth.
- Brackets are intervals of 95 %: a bootstrap over seeds and puzzles, in which arms are compared on the same puzzles.
- A reading was written down before the runs. It *holds* where the whole interval lies within its bounds, *fails* where all of it lies outside, and is *open* otherwise.
- `solved`: the answer is right, whatever the trace. `valid`: the trace has no error.
"""


def write(folder: Path, page: Path | None = None) -> Path:
    """Writes the page and its plots, and gives the place of the page.

    folder: has `SCALE/NAME/*.jsonl`. page: by default `evidence.md` in the folder.
    """
    page = page or folder / "evidence.md"
    paths = found(folder)
    text = text_of(folder, page)
    for path in paths:
        experiment, results = read(path.name), read_results(path)
        picture = plots.curves(results, arms_with_results(experiment, results), [pack.name for pack in experiment.packs])
        (path / "curves.svg").write_text(picture, encoding="utf-8", newline="\n")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8", newline="\n")
    return page


def text_of(folder: Path, page: Path) -> str:
    """The text of the page, for its place."""
    all_results = [(read(path.name), read_results(path), _relative(path / "curves.svg", page)) for path in found(folder)]
    overview = _overview([(experiment, results) for experiment, results, _ in all_results])
    return "\n".join([_HEAD, overview, *(section(*each) for each in all_results), _not_run(found(folder))])


def _overview(all_results: list[tuple[Experiment, Results]]) -> str:
    """How many readings hold, by experiment."""
    lines = ["| experiment | its question | readings that hold | fail | are open |", "|---|---|---|---|---|"]
    for experiment, results in all_results:
        words = [came[1] if came else "not run" for came in (judge(results, reading) for reading in readings(experiment, results))]
        title = f"{experiment.name} ({results.scale})"
        link = "".join(letter for letter in title.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
        lines.append(f"| [{title}](#{link}) | {experiment.question} | {words.count('holds')} | {words.count('fails')} | {words.count('open')} |")
    return "\n".join(lines) + "\n"


def _not_run(paths: list[Path]) -> str:
    """What has no results, so that nobody takes silence for a result."""
    ran = {path.name for path in paths}
    scales = {path.parent.name for path in paths}
    parts = [f"Experiments without results: {', '.join(name for name in names() if name not in ran)}"] if set(names()) - ran else []
    left = [scale for scale in ("first", "small", "full") if scale not in scales]
    parts += [f"No experiment was run at the scale {' or '.join(f'`{scale}`' for scale in left)}"] if left else []
    return f"## Not run\n\n{'. '.join(parts)}. The same command runs them.\n" if parts else ""


def found(folder: Path) -> list[Path]:
    """Folders with results, in the order of the page: experiment after experiment, each from its smallest scale on."""
    paths = [path for path in folder.glob("*/*") if any(path.glob("*.jsonl"))]
    if not paths:
        raise RequestError(f"{folder}: there are no results; `sos-experiments run NAME --out {folder}` makes them")
    known = names()

    def place(path: Path) -> tuple[int, int]:
        if path.name not in known:
            raise RequestError(f"{path}: there is no experiment {path.name!r}; there are {', '.join(known)}")
        scales = list(read(path.name).scales)
        return known.index(path.name), scales.index(path.parent.name) if path.parent.name in scales else len(scales)

    return sorted(paths, key=place)


def _relative(path: Path, page: Path) -> str:
    return Path(os.path.relpath(path.resolve(), page.resolve().parent)).as_posix()


def arms_with_results(experiment: Experiment, results: Results) -> list[str]:
    """Arms that have results, in the order of the experiment."""
    return [arm.name for arm in experiment.arms if results.seeds(arm.name)]


def planned(experiment: Experiment, results: Results) -> tuple[Arm, ...]:
    """The arms that the scale trains."""
    scale = experiment.scales.get(results.scale)
    return experiment.arms_of(scale) if scale else experiment.arms


def _whole(experiment: Experiment, results: Results) -> bool:
    """Whether all seeds of all arms have reached the last budget of the scale."""
    scale = experiment.scales.get(results.scale)
    if scale is None:
        return True
    last = round(scale.points[-1] * 1e6)
    ends = {(line.arm, line.seed) for line in results.lines if line.unit == "tokens" and line.amount == last}
    return all((arm.name, seed) in ends for arm in planned(experiment, results) for seed in range(scale.seeds))


def check(experiment: Experiment, results: Results) -> None:
    """Refuses results that are not those of the experiment as it is now."""
    for arm in experiment.arms:
        if {line.digest for line in results.lines if line.arm == arm.name} - {experiment.digest(arm)}:
            raise RequestError(f"{results.scale}/{results.name}: the results of the arm {arm.name} are of another recipe or other settings; run it again")


def section(experiment: Experiment, results: Results, picture: str) -> str:
    """The section of an experiment at a scale, as Markdown."""
    check(experiment, results)
    parts = [
        f"## {experiment.name} ({results.scale})",
        f"**{experiment.question}**",
        f"```sh no-run\nsos-experiments run {experiment.name} --scale {results.scale}\n```",
        _table_of_arms(experiment, results),
        f"![Learning curves of {experiment.name}]({picture})",
        _table(experiment, results),
        _measures(experiment, results),
        _two_by_two(experiment, results),
        _map(experiment, results) if experiment.map else "",
        _samples(experiment, results),
    ]
    if experiment.readings:
        parts.append(_readings(experiment, results))
    parts += [experiment.says.strip(), cost(experiment, results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table_of_arms(experiment: Experiment, results: Results) -> str:
    lines = ["| arm | what a row has behind its prompt | seeds at the last budget |", "|---|---|---|"]
    for arm in planned(experiment, results):
        seeds = len(results.at(arm.name, experiment.packs_of(arm)[0].name, "tokens"))
        lines.append(f"| {arm.name} | {arm.says} | {seeds or 'not run'} |")
    return "\n".join(lines)


def _table(experiment: Experiment, results: Results) -> str:
    """What all arms reached at the greatest budget in tokens, and at as many rows."""
    heads = ["arm", "budget", "tokens", "rows"]
    columns = shown(experiment, results)
    heads += [f"{measure}, {pack}" for pack, measure in columns]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for arm in arms_with_results(experiment, results):
        for unit in ("tokens", "rows"):
            first = results.at(arm, experiment.packs_of(experiment.arm(arm))[0].name, unit)
            if not first or unit == "rows" and first[0].unit != "rows":
                continue
            cells = [arm, f"equal {unit}", f"{first[0].tokens / 1e6:.1f} M", f"{first[0].rows / 1e3:.0f} k"]
            cells += [_cell(results.at(arm, pack, unit), measure) for pack, measure in columns]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _measures(experiment: Experiment, results: Results) -> str:
    """What the measures of the table mean, beside those that the head of the page explains."""
    names = dict.fromkeys(measure for _, measure in shown(experiment, results) if measure not in ("solved", "valid"))
    # How a line of results writes a row that is left out is of no interest here.
    return "\n".join(f"- `{name}`: {(MEASURES | NUMBERS)[name].split('; `')[0]}." for name in names)


def shown(experiment: Experiment, results: Results) -> list[tuple[str, str]]:
    """The packs and measures of the table: what a reading names, and the first ones of each pack."""
    read_of = {(reading.pack, reading.measure) for reading in experiment.readings}
    columns = []
    for pack in experiment.packs:
        lines = [line for line in results.lines if line.pack == pack.name]
        names = [*MEASURES, *NUMBERS]
        had = {name for line in lines for name in (*line.outcomes, *line.numbers)}
        wanted = {"solved", "valid", "first", "accepted", *NUMBERS}
        columns += [(pack.name, name) for name in names if name in had and (name in wanted or (pack.name, name) in read_of)]
    return columns


def _cell(lines: list[Line], measure: str) -> str:
    if not lines:
        return ""
    if measure in NUMBERS:
        values = [line.numbers[measure] for line in lines if measure in line.numbers]
        return f"{sum(values) / len(values):.2f} [{min(values):.2f}, {max(values):.2f}]" if values else ""
    there = [line for line in lines if set(line.outcomes.get(measure, "-")) != {"-"}]
    return str(interval(matrix(there, measure))) if there else ""


def _two_by_two(experiment: Experiment, results: Results) -> str:
    """How often answer and trace are right together, of the arms that write both."""
    pack, rows = experiment.packs[0].name, []
    for arm in arms_with_results(experiment, results):
        lines = [line for line in results.at(arm, pack, "tokens") if "formed" in line.outcomes and set(line.outcomes["valid"]) != {"-"}]
        if lines:
            solved, valid = matrix(lines, "solved"), matrix(lines, "valid")
            shares = (solved * valid, solved * (1 - valid), (1 - solved) * valid, (1 - solved) * (1 - valid))
            rows.append("| " + " | ".join([arm, *(str(interval(share)) for share in shares)]) + " |")
    if not rows:
        return ""
    heads = ["arm", "both are right", "the answer alone", "the trace alone", "neither"]
    note = f"Answer and trace together, on `{pack}` at the greatest budget in tokens."
    return "\n".join([note, "", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *rows])


def _map(experiment: Experiment, results: Results) -> str:
    """Which arm solves most, for each pack at each budget, and by how much."""
    amounts = sorted({line.amount for line in results.lines if line.unit == "tokens"})
    budgets: list[tuple[str, int | None]] = [*(("tokens", amount) for amount in amounts), ("rows", None)]
    heads = ["most is solved", *(f"{amount / 1e6:g} M tokens" for amount in amounts), "equal rows"]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for pack in experiment.packs:
        cells = [_leader(experiment, results, pack.name, *budget) for budget in budgets]
        lines.append("| " + " | ".join([f"{pack.name}: {pack.says}", *cells]) + " |")
    note = "The arm that solves most, how much, and behind it its lead over the next one: where the brackets hold 0, the two are not told apart."
    return "\n".join([note, "", *lines])


def _leader(experiment: Experiment, results: Results, pack: str, unit: str, amount: int | None) -> str:
    """The arm that solves most at a budget, and its lead."""
    sides = [(arm, matrix(lines, "solved")) for arm in arms_with_results(experiment, results) if (lines := results.at(arm, pack, unit, amount))]
    # Of arms that solve as much, the first one stands first: the sort keeps their order.
    sides.sort(key=lambda side: -float(side[1].mean()))
    if len(sides) < 2:
        return ""
    (first, ours), (second, others) = sides[:2]
    return f"{first} {interval(ours).value:.0f}, {interval(ours, others)} over {second}"


def _samples(experiment: Experiment, results: Results) -> str:
    """What k answers that were drawn do, beside the tokens that they cost."""
    pack, rows = experiment.packs[0].name, []
    for arm in arms_with_results(experiment, results):
        lines = results.at(arm, pack, "tokens")
        if not lines or not all(line.samples for line in lines):
            continue
        count, puzzles = len(lines[0].samples), len(lines[0].samples[0])
        written = sum(line.samples_written for line in lines) / len(lines) / count / puzzles
        counts = [k for k in (1, 2, 4, 8, 16, 32, 64) if k <= count]
        cells = [f"{interval(best_of(lines, k))} ({written * k:.0f})" for k in counts]
        rows.append("| " + " | ".join([arm, *cells]) + " |")
    if not rows:
        return ""
    heads = ["arm", *(f"best of {k}" for k in counts)]
    note = f"Answers drawn at temperature 1, on `{pack}`. In brackets behind the interval: tokens that a puzzle took in the mean."
    return "\n".join([note, "", "| " + " | ".join(heads) + " |", "|" + "---|" * len(heads), *rows])


def _readings(experiment: Experiment, results: Results) -> str:
    lines = ["| written down before | bounds | found | |", "|---|---|---|---|"]
    so_far = "" if _whole(experiment, results) else " so far"
    for reading in readings(experiment, results):
        came = judge(results, reading)
        found, word = (str(came[0]), f"**{came[1]}**{so_far}") if came else ("", "not run")
        lines.append(f"| {reading.says} | {bounds(reading)} | {found} | {word} |")
    return "\n".join(lines)


def readings(experiment: Experiment, results: Results) -> list[Reading]:
    """The readings of arms that the scale trains."""
    trained = {arm.name for arm in planned(experiment, results)} | {None}
    return [reading for reading in experiment.readings if {reading.arm, reading.against} <= trained]


def bounds(reading: Reading) -> str:
    """The bounds of a reading, in words."""
    if reading.at_least is None:
        return f"at most {reading.at_most:g}"
    return f"at least {reading.at_least:g}" if reading.at_most is None else f"{reading.at_least:g} to {reading.at_most:g}"


def cost(experiment: Experiment, results: Results) -> str:
    """How long the runs took."""
    last = [max((line for line in results.lines if (line.arm, line.seed) == run), key=lambda line: line.seconds)
            for run in sorted({(line.arm, line.seed) for line in results.lines})]
    seconds = sum(line.seconds for line in last)
    return f"{len(last)} runs took {seconds / 60:.0f} minutes of one core in all, with their tests."
