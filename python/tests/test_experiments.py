"""Experiments: decoders, rows, runs that go on, intervals, pages."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stream_of_search.experiments import decoding, evaluation, experiment, model, report, results, rows, training
from stream_of_search.experiments.__main__ import main

EVIDENCE = Path(__file__).parents[2] / "docs" / "evidence"

SIZE = model.Size(width=32, layers=2, heads=2, context=64)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def ground():
    found = experiment.read("path-star")
    small = replace(found, size=model.Size(width=32, layers=1, heads=2, context=64), tokens_a_step=300, warm_up=10)
    return training.Ground(small, experiment.Scale(points=(0.003, 0.006), seeds=2, test=20))


def decoder(seed=0, tokens=50):
    torch.manual_seed(seed)
    return model.Decoder(tokens, SIZE).eval()


def test_a_place_sees_what_is_before_it_alone():
    ids = torch.randint(0, 50, (2, 20))
    other = ids.clone()
    other[:, 12:] = (other[:, 12:] + 1) % 50
    found, changed = decoder()(ids), decoder()(other)
    assert torch.allclose(found[:, :12], changed[:, :12], atol=1e-6)
    assert not torch.allclose(found[:, 12:], changed[:, 12:], atol=1e-3)


def test_padding_changes_no_loss():
    net = decoder()
    ids = torch.randint(1, 50, (1, 20))
    learnt = torch.zeros(1, 20, dtype=torch.bool)
    learnt[:, 8:] = True
    padded = torch.nn.functional.pad(ids, (0, 9))
    assert torch.allclose(net.loss(ids, learnt), net.loss(padded, torch.nn.functional.pad(learnt, (0, 9))), atol=1e-6)
    # By hand: the mean of what each learnt token costs.
    logits = net(ids) @ net.embed.weight.T
    costs = [-logits[0, place - 1].log_softmax(-1)[ids[0, place]].item() for place in range(8, 20)]
    assert net.loss(ids, learnt).item() == pytest.approx(sum(costs) / len(costs), rel=1e-5)


def test_decoding_with_a_cache_is_decoding_without():
    net = decoder(tokens=12)
    draws = np.random.default_rng(0)
    prompts = [draws.integers(1, 12, size=length).tolist() for length in (3, 9, 5, 5, 14, 3)]
    found = decoding.answer(net, prompts, end=7)
    for prompt, tokens in zip(prompts, found, strict=True):
        ids = list(prompt)
        while len(ids) < SIZE.context:
            token = int((net(torch.tensor([ids]))[0, -1] @ net.embed.weight.T).argmax())
            if token == 7:
                break
            ids.append(token)
        assert tokens == ids[len(prompt) :]
    assert len({len(tokens) for tokens in found}) > 1


def test_samples_are_those_of_their_seed():
    net = decoder()
    prompts = [[1, 2, 3]] * 8
    one = decoding.answer(net, prompts, end=0, temperature=1.0, seed=5)
    assert one == decoding.answer(net, prompts, end=0, temperature=1.0, seed=5)
    assert one != decoding.answer(net, prompts, end=0, temperature=1.0, seed=6)
    assert len({tuple(tokens) for tokens in one}) > 1


def test_batches_have_each_row_once_before_any_comes_again(ground):
    arm = ground.experiment.arm("forwards")
    part = rows.Part(training.load(ground.experiment.recipe, arm.config, count=500), ground.tokenizer, "prompt")
    batches = rows.Batches([part], ground.words, 300, 64, seed=3)
    seen = {}
    while sum(seen.values()) < 495:
        batch = next(batches)
        assert batch.tokens == int((batch.ids != 0).sum()) >= 300
        for row, learnt in zip(batch.ids.tolist(), batch.learnt.tolist(), strict=True):
            seen[tuple(row)] = seen.get(tuple(row), 0) + 1
            text = ground.tokenizer.decode(ground.words.ids[[i for i, l in zip(row, learnt, strict=True) if l]].tolist())
            assert text.count(",") == 4 and text.endswith("<eos>")
    assert max(seen.values()) == 1 and batches.dropped == 0


def test_parts_give_as_many_rows_each(ground):
    parts = [rows.Part(training.load(ground.experiment.recipe, name, count=count), ground.tokenizer, "prompt") for name, count in (("forwards", 1500), ("backwards", 400))]
    batches = rows.Batches(parts, ground.words, 300, 64, seed=3)
    for _ in range(2000):
        next(batches)
    first, second = batches.seen
    assert first > 5_000 and 0 <= second - first < 400


def test_rows_that_do_not_fit_are_counted(ground):
    part = ground.part(ground.experiment.arm("forwards"), "forwards")
    batches = rows.Batches([part], ground.words, 300, 46, seed=0)
    batches._chunks = [iter([next(batches._chunks[0])])]
    with pytest.raises(StopIteration):
        next(batches)
    assert [batches.dropped] == batches.seen == [1024]


def test_a_run_that_was_stopped_goes_on_to_the_same_bits(ground, tmp_path):
    arm = ground.experiment.arm("backwards")
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    assert training.Run(ground, arm, 1, tmp_path / "whole").train()
    stops = 0
    while not training.Run(ground, arm, 1, tmp_path / "parts").train(until=0):  # each call makes one step
        stops += 1
    assert stops > 10
    whole, parts = ([json.loads(line) for line in (tmp_path / name / "backwards-1.jsonl").read_text().splitlines()] for name in ("whole", "parts"))
    assert len(whole) == 2
    for one, other in zip(whole, parts, strict=True):
        assert {**one, "seconds": 0} == {**other, "seconds": 0}
    # Another seed is another run.
    (tmp_path / "other").mkdir()
    training.Run(ground, arm, 0, tmp_path / "other").train()
    assert json.loads((tmp_path / "other" / "backwards-0.jsonl").read_text().splitlines()[0])["loss"] != whole[0]["loss"]


def test_results_from_elsewhere_are_not_made_again(ground, tmp_path):
    arm = ground.experiment.arm("forwards")
    run = training.Run(ground, arm, 0, tmp_path)
    assert run.train()
    run.checkpoint.unlink()
    text = run.file.read_text()
    assert training.Run(ground, arm, 0, tmp_path).train(until=0)
    assert run.file.read_text() == text
    # A part of them is: without the checkpoint nobody can go on from it.
    run.file.write_text(text.splitlines(keepends=True)[0])
    assert not training.Run(ground, arm, 0, tmp_path).train(until=0)
    assert run.file.read_text() == ""


def test_a_point_is_a_run_of_that_budget(ground, tmp_path):
    """The end of a budget does not hang on the budgets before it."""
    arm = ground.experiment.arm("forwards")
    short = training.Ground(ground.experiment, replace(ground.scale, points=(0.006,)))
    (tmp_path / "both").mkdir()
    (tmp_path / "last").mkdir()
    training.Run(ground, arm, 0, tmp_path / "both").train()
    training.Run(short, arm, 0, tmp_path / "last").train()
    both = [json.loads(line) for line in (tmp_path / "both" / "forwards-0.jsonl").read_text().splitlines()]
    last = json.loads((tmp_path / "last" / "forwards-0.jsonl").read_text())
    assert last | {"seconds": 0} == both[-1] | {"seconds": 0}
    assert [line["amount"] for line in both] == [3000, 6000]
    assert all(line["amount"] <= line["tokens"] < line["amount"] + 400 for line in both)


def test_arms_have_points_at_equal_rows():
    found = experiment.read("traces")
    scaled = training.Ground(found, experiment.Scale(points=(0.1, 0.2), seeds=1, test=5))
    longest = max(scaled.lengths, key=scaled.lengths.__getitem__)
    amounts = {arm.name: scaled.points(arm) for arm in found.arms}
    assert all(point.unit == "tokens" for point in amounts[longest])
    equal = [point for point in amounts["answer"] if point.unit == "rows"]
    assert len(equal) == 1
    assert equal[0].amount == pytest.approx(200_000 / scaled.lengths[longest], rel=0.01)


def test_all_of_small_takes_sixteen_hours_at_most():
    """On two processors that are as fast as those of the committed results."""
    hours = 0.0
    for name in experiment.names():
        found = experiment.read(name)
        if "small" not in found.scales:
            continue
        first, small = found.scales["first"], found.scales["small"]
        seconds: dict[tuple[str, int], float] = {}
        for line in results.read(EVIDENCE / "first" / name).lines:
            seconds[line.arm, line.seed] = max(line.seconds, seconds.get((line.arm, line.seed), 0))
        tests = [scale.seeds * len(found.arms_of(scale)) * (len(scale.points) + 1) * scale.test for scale in (first, small)]
        # Some of the seconds went to tokens and the others to tests: all of them grow as what grows most.
        hours += sum(seconds.values()) * max(found.tokens(small) / found.tokens(first), tests[1] / tests[0]) / 2 / 3600
    assert 8 < hours < 16, hours


@pytest.mark.parametrize("name", experiment.names())
def test_files_are_whole(name):
    found = experiment.read(name)
    assert {"smoke"} <= set(found.scales)
    assert f"`{name}`" in (Path(__file__).parents[1] / "docs" / "experiments.md").read_text()
    assert found.question.endswith("?") and found.readings
    smallest = training.Ground(found, replace(found.scales["smoke"], test=4))
    assert len(smallest.words) < 2000
    assert all(found.packs_of(arm) for arm in found.arms)
    model_of_no_use = model.Decoder(len(smallest.words), found.size).eval()
    for arm in found.arms:
        for pack in found.packs_of(arm):
            test = smallest.test(arm, pack, None)
            # The texts of the rows themselves are right, however the arm writes them.
            if all(row["solved"] for row in test.rows):
                assert says(test, model_of_no_use, rows_texts(test.rows)).measures["solved"] == "1111"
            # Those of the next puzzle are not. (A judgement of another candidate may be right.)
            if not isinstance(test, evaluation.Judgements):
                assert says(test, model_of_no_use, rows_texts([*test.rows[1:], test.rows[0]])).measures["solved"] == "0000"


def rows_texts(rows):
    """What rows have behind their prompts, and behind the request for a second answer."""
    if "messages" in rows[0]:
        return [[row["messages"][place]["content"] for row in rows] for place in (1, 3)]
    return [[row["completion"] for row in rows]]


def says(test, net, texts):
    """The outcome of a test whose answers are given."""
    answers = iter(texts)
    test.asker.ask = lambda *_: (next(answers), 0)
    return test.outcome(net)


@pytest.mark.parametrize("name", experiment.names())
def test_no_arm_is_another_one(name):
    """An arm whose rows are nearly those of another one cannot answer a question about their difference."""
    found = experiment.read(name)
    # Arms that go on from others have rows of their models; `few` has some of the rows of another one.
    arms = [arm for arm in found.arms if not (arm.own or arm.after or arm.rows)]
    texts = {arm.name: [row["prompt"] + row["completion"] for row in training.load(found.recipe, arm.config)[:300]] for arm in arms}
    for one, other in itertools.combinations(texts, 2):
        same = sum(a == b for a, b in zip(texts[one], texts[other], strict=True)) / 300
        assert same < 0.85, (one, other, same)


def test_a_trace_without_its_answer_solves_nothing():
    """Only the arm with right traces could be paid for them."""
    found = experiment.read("traces")
    test = training.load(found.recipe, "search", "test")[:20]
    cut = [row["prompt"] + row["completion"][: row["completion"].rindex("answer")] for row in test]
    assert evaluation.outcome(cut, test, 0).measures["solved"] == "0" * 20
    assert evaluation.outcome(cut, test, 0).measures["valid"] == "1" * 20
    # Rows that have no answer are solved by their traces.
    found = experiment.read("search-countdown")
    test = [row for row in training.load(found.recipe, "search", "test")[:40] if row["solved"]]
    assert "answer" not in test[0]["completion"]
    assert set(evaluation.outcome([row["prompt"] + row["completion"] for row in test], test, 0).measures["solved"]) == {"1"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("[[packs]]", "[[packs]]\nfoo = 1"), "found the field 'foo'; allowed: name, split"),
        (("at_least = 95", ""), "needs at_least, at_most, or both"),
        (('arm = "backwards"\nagainst', 'arm = "sideways"\nagainst'), "found 'sideways'; allowed: forwards, backwards"),
        (("points = [0.02]", "points = [2, 1]"), "needs points that grow"),
        (("[recipe]", "[recipe"), "path-star.toml"),
        (('name = "backwards"', 'name = "backwards"\nafter = "later"'), "after: found 'later'; allowed: an arm that stands before it: forwards"),
        (('name = "forwards"', 'name = "forwards"\nreward = {}'), "needs `after`, the arm whose model writes"),
        (('name = "backwards"', 'name = "backwards"\nafter = "forwards"\nthen = "backwards"\nreward = {}'), "reward goes with none of own, `then` and `also`"),
        (('measure = "solved"', 'measure = "liked"'), "found 'liked'; allowed: solved, optimal"),
        (('split = "test"', 'split = "test"\ntexts = "mine"'), "texts: found 'mine'; allowed: own, other"),
        (('split = "test"', 'split = "test"\ntexts = "own"'), "it asks the arm forwards, which goes on from no other arm's model"),
        (('pack = "test"', 'pack = "test"\nagainst_pack = "tset"'), "found 'tset'; allowed: test, None"),
        (("seeds = 1, test = 20", 'seeds = 1, test = 20, arms = ["up"]'), "found the arm 'up'; allowed: forwards, backwards"),
        (('name = "backwards"', 'name = "backwards"\nsplit = "tset"'), "arm backwards: split: found 'tset'; allowed: train, test"),
        (('name = "backwards"', 'name = "backwards"\nsplit = "test"'), "arm backwards: split: found 'test', whose rows are a test"),
        (('name = "backwards"', 'name = "backwards"\nafter = "forwards"\nsplit = "train"\nreward = {}'), "split goes with none of own and reward"),
    ],
)
def test_wrong_files_are_told(change, says, tmp_path, capsys):
    text = Path(experiment.__file__).with_name("files").joinpath("path-star.toml").read_text()
    assert change[0] in text
    path = tmp_path / "path-star.toml"
    path.write_text(text.replace(*change))
    assert main(["run", str(path), "--scale", "smoke"]) == 2
    assert says in capsys.readouterr().err


def test_arms_with_other_budgets_are_not_compared():
    found = results.Results("x", "smoke", [lines("a", "11"), lines("a", "11", amount=20), lines("b", "00")])
    reading = experiment.Reading("", "solved", "b", "test", against="a", at_most=1)
    assert results.judge(found, reading) is None
    assert [line.amount for line in found.at("a", "test", "rows")] == [20]


def lines(arm, bits, seed=0, unit="tokens", amount=10, measure="solved"):
    outcomes = {name: "-" * len(bits) for name in ("solved", "optimal", "valid")} | {measure: bits}
    digest = experiment.read("path-star").digest(experiment.read("path-star").arms[arm == "backwards"])
    return results.Line(arm, digest, seed, unit, amount, "test", amount, amount, 1, 1.0, 0.5, 1, outcomes, {})


def test_intervals_are_those_of_theory():
    draws = np.random.default_rng(1)
    # Many seeds, so that drawing them adds next to nothing: the interval of a mean of 400 throws.
    throws = np.repeat((draws.random((1, 400)) < 0.3).astype(float), 50, 0)
    found = results.interval(throws)
    half = 196 * (0.3 * 0.7 / 400) ** 0.5
    assert found.high - found.low == pytest.approx(2 * half, rel=0.15)
    # On the same puzzles the difference of two arms that fail together is told exactly.
    assert results.interval(throws, throws).high < found.high - found.low
    zero = results.interval(throws, throws.copy())
    assert zero.value == 0 and abs(zero.low) < 1e-9 and abs(zero.high) < 1e-9


def test_the_best_of_k_is_what_choosing_k_gives():
    draws = np.random.default_rng(2)
    bits = draws.random((6, 40)) < 0.3
    line = replace(lines("a", "0" * 40), samples=tuple("".join(str(int(bit)) for bit in draw) for draw in bits))
    for k in (1, 2, 6):
        chosen = [bits[list(places)].any(0) for places in itertools.combinations(range(6), k)]
        assert np.allclose(results.best_of([line], k)[0], np.mean(chosen, 0))


def test_answers_are_drawn_at_the_last_budget(ground, tmp_path):
    drawing = training.Ground(replace(ground.experiment, samples=3), ground.scale)
    training.Run(drawing, ground.experiment.arm("forwards"), 0, tmp_path).train()
    first, last = [json.loads(text) for text in (tmp_path / "forwards-0.jsonl").read_text().splitlines()]
    assert "samples" not in first
    assert [len(draw) for draw in last["samples"]] == [20] * 3 and last["samples_written"] > 0


def test_intervals_of_few_outcomes_are_numbers_and_wide():
    few = np.full((3, 300), np.nan)
    few[:, :7] = [1, 0, 1, 1, 0, 1, 0]
    found = results.interval(few)
    assert found.value == pytest.approx(400 / 7) and 10 < found.low < 35 and 80 < found.high <= 100
    both = results.interval(few, np.zeros((3, 300)))
    assert both.low == pytest.approx(found.low, abs=1)
    fewer = np.full((3, 300), np.nan)
    fewer[:, 9] = 1
    assert results.interval(fewer) == results.Interval(100, 0, 100)
    assert results.interval(np.zeros((3, 300)), fewer) == results.Interval(-100, -100, 100)


def test_seeds_that_differ_widen_an_interval():
    same, unlike = np.tile([0.0, 1.0], (3, 50)), np.repeat([[0.0], [1.0], [0.5]], 100, 1)
    narrow, wide = results.interval(same), results.interval(unlike)
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_readings_hold_fail_or_stay_open():
    half, most = "01" * 150, "1" * 297 + "000"
    found = results.Results("x", "smoke", [lines("a", half), lines("b", most)])

    def came(**bounds):
        return results.judge(found, experiment.Reading("", "solved", "a", "test", **bounds))[1]

    assert came(at_least=40, at_most=60) == "holds"
    assert came(at_least=49) == "open"
    assert came(at_least=60) == "fails"
    assert came(against="b", at_most=-30) == "holds"
    assert came(against="b", at_least=-5, at_most=5) == "fails"
    assert results.judge(found, experiment.Reading("", "solved", "c", "test", at_most=1)) is None
    # An arm that is asked two packs.
    packs = results.Results("x", "smoke", [lines("a", half), replace(lines("a", most), pack="other")])
    for pack, other, difference in (("test", "other", -49), ("other", "test", 49)):
        reading = experiment.Reading("", "solved", "a", pack, against_pack=other, at_least=0)
        assert results.judge(packs, reading)[0].value == pytest.approx(difference)


def test_a_page_is_made_of_the_lines_alone(tmp_path, ground):
    folder = tmp_path / "smoke" / "path-star"
    folder.mkdir(parents=True)
    for arm, share in (("forwards", 150), ("backwards", 299)):
        for seed in range(2):
            made = [lines(arm, "1" * right + "0" * (300 - right), seed, amount=amount) for amount, right in ((10, 20), (20, share))]
            with (folder / f"{arm}-{seed}.jsonl").open("w") as out:
                for line in made:
                    row = {**line.__dict__, **line.outcomes}
                    del row["outcomes"], row["numbers"]
                    out.write(json.dumps(row) + "\n")
    assert main(["report", str(tmp_path)]) == 0
    page = (tmp_path / "evidence.md").read_text()
    assert "| forwards | equal tokens | 0.0 M | 0 k | 50 [" in page
    assert page.count("**holds** so far") == 3
    assert "(smoke/path-star/curves.svg)" in page
    assert (folder / "curves.svg").read_text().startswith("<?xml")
    again = report.write(tmp_path)
    assert Path(again).read_text() == page
    text = (folder / "forwards-0.jsonl").read_text()
    (folder / "forwards-0.jsonl").write_text(text.replace(json.loads(text.splitlines()[0])["digest"], "0" * 16))
    assert main(["report", str(tmp_path)]) == 2
    (folder / "forwards-0.jsonl").write_text("{}\n")
    assert main(["report", str(tmp_path)]) == 2
    assert main(["report", str(tmp_path / "nothing")]) == 2


def test_an_arm_may_have_another_split():
    found = experiment.read("criteria-environment")
    ground = training.Ground(found, replace(found.scales["smoke"], test=4))
    before, labels = (ground.part(found.arm(name), found.arm(name).config).dataset for name in ("before", "labels"))
    assert {row["env"] for row in before[:50]} == {"number-line", "maze"} and {row["split"] for row in before[:50]} == {"train_both"}
    assert {row["env"] for row in labels[:50]} == {"number-line"} and {row["split"] for row in labels[:50]} == {"train"}
    other = next(pack for pack in found.packs if pack.name == "other-environment")
    assert {row["env"] for row in ground.test(found.arm("labels"), other, None).rows} == {"maze"}


def test_answer_and_trace_are_told_together():
    found = experiment.read("path-star")
    one = lines("forwards", "1" * 60 + "0" * 40)
    one = replace(one, outcomes={**one.outcomes, "formed": "1" * 100, "valid": "1" * 30 + "0" * 50 + "1" * 20})
    # An arm without a trace, and judgements, have no such line.
    other = replace(lines("backwards", "1" * 100), outcomes={"solved": "1" * 100, "formed": "1" * 100, "valid": "-" * 100})
    table = report._two_by_two(found, results.Results("path-star", "smoke", [one, other])).splitlines()
    (cells,) = (line.split(" | ") for line in table[4:])
    assert [cell.split(" [")[0] for cell in cells] == ["| forwards", "30", "30", "20", "20"]
    assert report._two_by_two(found, results.Results("path-star", "smoke", [lines("forwards", "11")])) == ""


def test_a_map_tells_which_arm_solves_most():
    found = replace(experiment.read("path-star"), map=True)
    half, most = "10" * 50, "1" * 90 + "0" * 10
    made = [lines("forwards", half), lines("backwards", most), lines("forwards", most, amount=20), lines("backwards", most, amount=20)]
    table = report._map(found, results.Results("path-star", "smoke", [*made, lines("forwards", half, unit="rows", amount=5)])).splitlines()
    assert table[2] == "| most is solved | 1e-05 M tokens | 2e-05 M tokens | equal rows |"
    (cells,) = (line.split(" | ")[1:] for line in table[4:])
    assert cells[0].startswith("backwards 90, 40 [") and cells[0].endswith("over forwards")
    # Of arms that solve as much, the first one is named, and the lead is nothing.
    assert cells[1].startswith("forwards 90, 0 [") and cells[2].startswith("backwards 90, 40 [")


def test_a_checkpoint_of_other_settings_is_refused(tmp_path, ground):
    arm = ground.experiment.arm("forwards")
    run = training.Run(ground, arm, 0, tmp_path)
    run._save()
    training.Run(ground, arm, 0, tmp_path)._restore()
    ground = training.Ground(replace(ground.experiment, rate=0.0123), ground.scale)
    with pytest.raises(ValueError, match="found a checkpoint of another recipe or other settings"):
        training.Run(ground, arm, 0, tmp_path)._restore()
