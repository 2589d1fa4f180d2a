"""Traces of searches, their trees, and exact facts."""

from __future__ import annotations

import pickle

import pytest

import stream_of_search as sos

PUZZLE = sos.Puzzle("countdown", {"numbers": [3, 5, 7], "target": 22})


@pytest.mark.parametrize("recipe", ["countdown", "maze", "sokoban", "n-queens", "graph"])
@pytest.mark.parametrize("dialect", ["compact", "prose"])
def test_a_tree_is_the_tree_of_its_trace(recipe: str, dialect: str) -> None:
    row = sos.load(recipe)[1]
    trace = sos.trace(row, {"kind": "dfs"} if recipe != "graph" else "bfs", dialect)
    tree = trace.tree
    assert len(tree) == trace.metrics["nodes"] and [node.id for node in tree] == list(range(len(tree)))
    assert max(node.depth for node in tree) == trace.metrics["depth"]
    assert sum(len(node.visits) for node in tree) == trace.metrics["visits"]
    assert sorted(visit for node in tree for visit in node.visits) == list(range(trace.metrics["visits"]))
    for node in tree[1:]:
        assert node.parent is not None and node.parent < node.id and node.move is not None
        assert node.depth == tree[node.parent].depth + 1
        assert node.span is not None and 0 <= node.span[0] < node.span[1] <= len(trace.text)
    assert (tree[0].parent, tree[0].move, tree[0].depth) == (None, None, 0)
    assert any("goal" in node.marks for node in tree) == (trace.outcome == "solved")
    assert sos.check(trace.puzzle, trace.text, dialect).valid
    assert pickle.loads(pickle.dumps(trace)).tree == tree


def test_a_node_has_its_place_in_the_text() -> None:
    trace = sos.trace(PUZZLE, "dfs")
    text = [trace.text[slice(*node.span)] if node.span else None for node in trace.tree]
    assert text[0] is None
    assert text[1] == "3 + 5 = 8 : 7 8" and trace.tree[1].move == "3+5=8" and trace.tree[1].state == "[7, 8]"
    assert trace.tree[2].marks == ("dead-end",) and trace.tree[2].parent == 1
    shifted = sos.tree(PUZZLE, "start 3 5 7 target 22\n" + trace.text)
    assert [node.span and (node.span[0] - 22, node.span[1] - 22) for node in shifted[1:]] == [node.span for node in trace.tree[1:]]


def test_texts_of_models_have_trees() -> None:
    assert len(sos.tree(PUZZLE, "")) == 1
    for text in ["x", "\ud800", "goal " * 1000, "#99999999999 > ", "3 * 5 = 16 : 7 16 > #1 7 + 16 = 23 : 23 goal"]:
        for node in sos.tree(PUZZLE, text):
            assert node.span is None or node.span[1] <= len(text)


def test_options_of_a_trace() -> None:
    answered = sos.trace(PUZZLE, answer=True)
    assert answered.text.endswith("answer 3 * 5 = 15 , 7 + 15 = 22 .") and answered.cost == 2 and answered.outcome == "solved"
    assert answered.prompt == "start 3 5 7 target 22" and answered.json["env"] == "countdown"
    beam = sos.trace(PUZZLE, {"kind": "beam", "width": 2, "heuristic": "sum"}, "stream-of-search")
    assert beam.text.startswith("Current State: 22:[3, 5, 7]")
    assert sos.trace(PUZZLE, seed=1) == sos.trace(PUZZLE, seed=1)


def test_the_picture_of_a_trace() -> None:
    from test_checking import read

    html = sos.trace(PUZZLE)._repr_html_()
    assert read(html).open == [] and html.count('role="treeitem"') == 7 and "left out" not in html
    row = sos.load("sokoban")[0]
    large = sos.trace(row, "bfs")
    html = large._repr_html_()
    assert len(large.tree) > 300 and html.count('role="treeitem"') == 300
    assert f"{len(large.tree) - 300:,} of {len(large.tree):,} nodes are left out" in html and len(html) < 300_000
    read(html)


def test_facts_are_those_of_rows() -> None:
    for recipe in ("countdown", "maze", "sudoku", "k-sat"):
        for row in sos.load(recipe)[:3]:
            facts = sos.prove(row)
            assert (facts.solvable, facts.optimal_cost, facts.difficulty) == (row["solvable"], row["optimal_cost"], row["difficulty"])
    assert sos.prove(sos.Puzzle("countdown", {"numbers": [2, 2], "target": 99})).solvable is False
