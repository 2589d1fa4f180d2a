"""Plots of results, as SVG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from .results import Results, interval, matrix

#: Colours that colour-blind readers tell apart (Okabe and Ito 2008), and marks beside them.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
_MARKS = "osD^vP*X"


def curves(results: Results, arms: Sequence[str], packs: Sequence[str], measure: str = "solved") -> str:
    """Learning curves of all arms: a picture for each pack, over tokens and over rows, with bands of 95 %."""
    import matplotlib

    matplotlib.use("svg")
    from matplotlib import pyplot

    with pyplot.rc_context({"svg.hashsalt": "sos", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9}):
        figure, axes = pyplot.subplots(
            len(packs), 2, figsize=(8.2, 2.6 * len(packs) + 0.6), sharey=True, squeeze=False, layout="constrained"
        )
        for row, pack in enumerate(packs):
            for column, unit in enumerate(("tokens", "rows")):
                _curve(axes[row][column], results, arms, pack, unit, measure)
            axes[row][0].set_ylabel(f"{measure}, %\n{pack}")
        for axis, unit in zip(axes[-1], ("tokens, millions", "rows, thousands"), strict=True):
            axis.set_xlabel(unit)
        figure.legend(*axes[0][0].get_legend_handles_labels(), loc="outside upper center", ncols=min(len(arms), 5), frameon=False)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        pyplot.close(figure)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _curve(axis: Any, results: Results, arms: Sequence[str], pack: str, unit: str, measure: str) -> None:
    for place, arm in enumerate(arms):
        points = [lines for lines in results.curve(arm, pack) if lines]
        places = [getattr(lines[0], unit) / (1e6 if unit == "tokens" else 1e3) for lines in points]
        found = [interval(matrix(lines, measure)) for lines in points]
        colour = _COLOURS[place % len(_COLOURS)]
        axis.plot(
            places, [one.value for one in found], color=colour, marker=_MARKS[place % len(_MARKS)], markersize=4, linewidth=1.5, label=arm
        )
        axis.fill_between(places, [one.low for one in found], [one.high for one in found], color=colour, alpha=0.15, linewidth=0)
    axis.set_ylim(-2, 102)
    axis.set_xscale("log", base=2)
    axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axis.grid(color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
