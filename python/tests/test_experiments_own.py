"""Experiments whose tests ask for judgements and for two answers, and whose arms learn from texts of models."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from stream_of_search import load
from stream_of_search.experiments import decoding, evaluation, experiment, model, own, reinforce, results, rows, running, training

MAZE = {
    "name": "own", "seed": 1, "dialect": "compact",
    "environment": {"name": "maze", "width": 5, "height": 5, "layout": {"kind": "random-walls"}},
    "searches": [{"kind": "dfs", "ties": "random", "max_nodes": 1}],
    "splits": {"train": {"rows": 2000, "share": 90}, "test": {"rows": 200, "share": 10}},
    "records": [{"kind": "optimal"}, {"kind": "correction"}, {"kind": "comparison", "count": 2}, {"kind": "criteria", "labels_only": True}],
}
SIZE = model.Size(width=32, layers=1, heads=2, context=256)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def asker():
    parts = [load(MAZE, record["kind"])[:300] for record in MAZE["records"]]
    tokenizer = training.kind_of(load(MAZE, "optimal"), cells=True)
    ids = [rows.Part(load(MAZE, record["kind"]), tokenizer, "prompt").first(300)[0] for record in MAZE["records"]]
    assert all(parts)
    return evaluation.Asker(tokenizer, rows.Words(ids, len(tokenizer)))


def decoder(asker, seed=0):
    torch.manual_seed(seed)
    return model.Decoder(len(asker.words), SIZE).eval()


class Said:
    """An asker whose answers are given."""

    def __init__(self, asker, *answers):
        self._asker, self._answers, self.prompts = asker, list(answers), []

    def __getattr__(self, name):
        return getattr(self._asker, name)

    def ask(self, net, prompts, temperature, seed):
        self.prompts.append(prompts)
        return self._answers.pop(0), 1


@pytest.mark.parametrize("config", ["optimal", "criteria", "comparison"])
def test_a_prompt_is_what_stands_before_a_training_text(asker, config):
    dataset = load(MAZE, config)
    ids, offsets = rows.Part(dataset, asker.tokenizer, "prompt").first(20)
    for row, (start, stop) in zip(dataset[:20], pairwise(offsets.tolist()), strict=True):
        whole = asker.words.numbers(ids[start:stop]).tolist()
        prompt = asker.prompt(row)
        text = asker.numbers([row["completion"], "<eos>"])
        assert whole == prompt + text


def test_a_conversation_is_asked_as_it_is_learnt(asker):
    dataset = load(MAZE, "correction")[:20]
    firsts = [row["messages"][1]["content"] for row in dataset]
    seconds = [row["messages"][3]["content"] for row in dataset]
    said = Said(asker, firsts, seconds)
    test = evaluation.Turns(load(MAZE, "correction", count=20), said)
    found = test.outcome(decoder(asker))
    ids, offsets = rows.Part(load(MAZE, "correction"), asker.tokenizer, "prompt").first(20)
    for number, (start, stop) in enumerate(pairwise(offsets.tolist())):
        whole = asker.words.numbers(ids[start:stop]).tolist()
        assert whole == said.prompts[1][number] + asker.numbers([seconds[number], "<eos>"])
        assert whole[: len(said.prompts[0][number])] == said.prompts[0][number]
    right = [row["first_right"] for row in dataset]
    assert 0 < sum(right) < 20
    assert found.measures["solved"] == "1" * 20
    assert found.measures["gained"] == "".join(str(int(not one)) for one in right)
    assert found.measures["lost"] == "0" * 20


def test_answers_that_get_worse_are_lost(asker):
    dataset = load(MAZE, "correction")[:10]
    right, wrong = [row["messages"][3]["content"] for row in dataset], ["up : 0 0 goal"] * 10
    found = evaluation.Turns(load(MAZE, "correction", count=10), Said(asker, right, wrong)).outcome(decoder(asker)).measures
    assert (found["first"], found["solved"], found["lost"], found["gained"]) == ("1" * 10, "0" * 10, "1" * 10, "0" * 10)
    same = evaluation.Turns(load(MAZE, "correction", count=10), Said(asker, right, right)).outcome(decoder(asker)).measures
    assert same["same"] == "1" * 10 and found["same"] == "0" * 10


def test_chances_are_those_of_the_texts(asker):
    net = decoder(asker)
    prompts = [asker.prompt(row) for row in load(MAZE, "comparison")[:4]]
    options = [[asker.numbers([f"Answer: {name}\n"]) for name in ("1", "2", "none")]] * 4
    for prompt, texts, found in zip(prompts, options, decoding.chances(net, prompts, options), strict=True):
        assert sum(found) == pytest.approx(1)
        logs = []
        for text in texts:
            chances = (net(torch.tensor([prompt + text])) @ net.embed.weight.T).log_softmax(-1)[0]
            logs.append(sum(chances[len(prompt) - 1 + place, token].item() for place, token in enumerate(text)))
        assert found == pytest.approx(torch.tensor(logs).softmax(0).tolist(), abs=1e-5)


def test_judgements_are_scored_by_their_truth(asker, monkeypatch):
    dataset = load(MAZE, "comparison", count=40)
    told = dataset[:40]
    sure = [[0.9 if right else 0.1 for right in row["candidates_right"]] + [0.0] for row in told]
    monkeypatch.setattr(evaluation, "chances", lambda *_: sure)
    found = evaluation.Judgements(dataset, Said(asker, [row["completion"] for row in told])).outcome(decoder(asker))
    assert found.measures["solved"] == "1" * 40
    assert set(found.measures["accepted"]) == {"0"} and found.numbers["auroc"] == 1
    assert found.numbers["ece"] == pytest.approx(0.1)
    turned = [[0.1 if right else 0.9 for right in row["candidates_right"]] + [0.0] for row in told]
    monkeypatch.setattr(evaluation, "chances", lambda *_: turned)
    found = evaluation.Judgements(dataset, Said(asker, ["Answer: none\n" if row["target"] else "Answer: 1\n" for row in told])).outcome(decoder(asker))
    assert set(found.measures["solved"]) == {"0"}
    assert set(found.measures["accepted"]) == {"1"} and found.numbers["auroc"] == 0


def test_of_a_model_s_own_candidates_the_others_are_left_out(asker, monkeypatch, tmp_path):
    """Half of the mazes have a wrong way from elsewhere; the candidates of the other half are planted."""
    recipe = {**MAZE, "records": [*MAZE["records"], {"kind": "comparison", "name": "wrong", "count": 1, "none_percent": 100, "justification": "none"}]}
    told = load(recipe, "optimal", "test")[:40]
    file = tmp_path / "a.texts"
    file.write_text("".join(json.dumps({**{name: row[name] for name in ("id", "env", "puzzle", "dialect")}, "completion": "up : 0 0 goal"}) + "\n" for row in told[::2]))
    dataset = load(own.with_candidates(recipe, "wrong", file), "wrong", "test", count=40)
    ids, _ = rows.Part(dataset, asker.tokenizer, "prompt").first(40)
    asker = evaluation.Asker(asker.tokenizer, rows.Words([ids], len(asker.tokenizer)))
    monkeypatch.setattr(evaluation, "chances", lambda *_: [[0.9, 0.1]] * 40)
    said = Said(asker, ["Answer: none\n"] * 40)
    found = evaluation.Judgements(dataset, said, imported=True).outcome(decoder(asker))
    assert found.measures["accepted"] == "1." * 20 and not found.numbers
    assert all("up : 0 0 goal" in row["prompt"] for row in dataset[:40][::2])


def test_texts_that_a_prompt_cannot_have_in_it_are_dropped(asker, tmp_path):
    dataset = load(MAZE, "optimal", "test")
    texts = ["up : 0 0 goal", "up " * 20, "up <pad> :", "down : 0 1 goal"]
    found = own.written(decoder(asker), dataset, experiment.Own("candidates", 4, 1), Said(asker, texts), 0, tmp_path / "a.texts", most=10)
    assert [row["completion"] for row in found] == [texts[0], texts[3]]
    assert [row["id"] for row in found] == [dataset[0]["id"], dataset[3]["id"]]


def test_a_label_alone_is_a_judgement(asker):
    dataset = load(MAZE, "criteria", count=40)
    texts = ["Conclusion: right [END]\n"] * 40
    found = evaluation.Judgements(dataset, Said(asker, texts)).outcome(decoder(asker))
    assert found.measures["solved"] == "".join(str(int(row["candidate_right"])) for row in dataset[:40])


def test_rows_that_are_left_out_count_for_nothing():
    def lines(bits):
        return [results.Line("a", "", 0, "tokens", 1, "test", 1, 1, 1, 1.0, 1.0, 1, {"clean": bits}, {})]

    assert results.interval(results.matrix(lines("1.0." * 50), "clean")).value == 50
    assert results.interval(results.matrix(lines("1-0-" * 50), "clean")).value == 25
    ours, others = results.matrix(lines("11.." * 50), "clean"), results.matrix(lines("..00" * 50), "clean")
    assert results.interval(ours, others).value == 100


def texts_of(folder, wrong):
    """A file of eight texts for each of 30 mazes: four that solve nothing and four that do, `wrong` of these with a wrong step before their right end."""
    recipe = {**MAZE, "answer": True, "claims_optimal": False}
    file = folder / "a.texts"
    with file.open("w") as out:
        for row in load(recipe, "optimal")[:30]:
            right = row["completion"]
            trace, answer = right[: right.rindex("answer")], right[right.rindex("answer") :]
            broken = "up : 0 0 > #9 " + trace + answer
            for text in [*["left"] * 4, *[broken] * wrong, *[right] * (4 - wrong)]:
                out.write(json.dumps({**{name: row[name] for name in ("id", "env", "puzzle", "dialect", "prompt", "answer_right")}, "completion": text}) + "\n")
    return file


def test_rules_choose_among_right_texts(tmp_path):
    # Two of the four right texts are kept of each maze. One of the four has no wrong step.
    file = texts_of(tmp_path, wrong=3)
    clean = {rule: np.mean(["#9" not in row["completion"] for row in own.chosen(file, rule, 8, 0)]) for rule in own.RULES}
    assert clean["roc"] == clean["roc-soft"] == 0.5 and clean["inverted"] == 0
    assert 0.1 < clean["uniform"] < 0.4
    for rule in own.RULES:
        assert all("answer" in row["completion"] for row in own.chosen(file, rule, 8, 0)), "only what solves its puzzle"


def test_own_texts_are_the_candidates(tmp_path):
    file = tmp_path / "a.texts"
    first = load(MAZE, "correction")[0]
    file.write_text(json.dumps({"id": first["id"], "completion": "up : 0 0 goal"}) + "\n")
    arm = experiment.Arm("own", "", "correction", after="before", own=experiment.Own("candidates", 1, 1))
    dataset, chosen = own.rows_of(MAZE, arm, arm.own, file, 0)
    assert chosen is None and len(dataset) == 1
    assert dataset[0]["messages"][1]["content"].strip() == "up : 0 0 goal"


def test_what_is_paid_becomes_likelier(asker):
    net = decoder(asker).train()
    dataset = load(MAZE, "optimal", count=5)
    paid = reinforce.Paid(dataset, asker, experiment.Reward(puzzles=2, each=4), 0)
    ids, written, advantages, tokens = paid.texts(net, 3)
    again = paid.texts(net, 3)
    assert torch.equal(ids, again[0]) and not torch.equal(ids[:, :60], paid.texts(net, 4)[0][:, :60])
    assert len(ids) == 8 and tokens == (ids != 0).sum() + (ids[:, :1] == 0).sum() or tokens > 0
    assert advantages.tolist() == [0.0] * 8, "an untrained decoder solves nothing"
    # As if the first text had been paid.
    advantages = torch.tensor([0.75, -0.25, -0.25, -0.25, 0, 0, 0, 0])

    def chance():
        hidden = net(ids[:1, :-1])
        each = (hidden @ net.embed.weight.T).log_softmax(-1).gather(2, ids[:1, 1:, None])[0, :, 0]
        return each[written[0, 1:]].sum().item()

    before = chance()
    optimizer = torch.optim.SGD(net.parameters(), 0.5)
    torch.autograd.backward(reinforce.loss(net, ids, written, advantages))
    optimizer.step()
    assert chance() > before
    # By hand: minus the mean of advantage times log chance over all written tokens.
    hidden = net(ids[:, :-1])
    each = (hidden @ net.embed.weight.T).log_softmax(-1).gather(2, ids[:, 1:, None])[:, :, 0] * written[:, 1:]
    wanted = -(each.sum(1) * advantages).sum() / written.sum()
    assert reinforce.loss(net, ids, written, advantages).item() == pytest.approx(wanted.item(), abs=1e-5)


def small(arms, points=(0.003, 0.006)):
    found = experiment.read("path-star")
    arms = (replace(found.arms[0], name="before"), *arms)
    made = replace(found, arms=arms, readings=(), size=model.Size(width=32, layers=1, heads=2, context=64), tokens_a_step=300, warm_up=10)
    return training.Ground(made, experiment.Scale(points=points, seeds=1, test=10))


@pytest.mark.parametrize("how", [{}, {"then": "backwards"}, {"reward": experiment.Reward(puzzles=2, each=2)}])
def test_an_arm_goes_on_from_another_one(how, tmp_path):
    arm = experiment.Arm("on", "", "forwards", after="before", **how)
    ground = small([arm])
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        assert training.Run(ground, ground.arms[0], 0, tmp_path / folder).train()
    whole = training.Run(ground, arm, 0, tmp_path / "a")
    assert whole.train()
    # Stopped at once, and on from there, it comes to the same bits.
    stopped = training.Run(ground, arm, 0, tmp_path / "b")
    assert not stopped.train(until=0.0)
    assert training.Run(ground, arm, 0, tmp_path / "b").train()
    one, other = [[{**json.loads(line), "seconds": 0} for line in (tmp_path / folder / "on-0.jsonl").read_text().splitlines()] for folder in "ab"]
    assert one == other and len(one) == 2
    begun = ground.decoder(tmp_path / "a" / "before-0.model.pt").state_dict()
    fresh = model.Decoder(len(ground.words), ground.experiment.size).state_dict()
    ended = torch.load(tmp_path / "a" / "on-0.pt", weights_only=True)["model"]

    def distance(state):
        return sum((state[name] - ended[name]).square().sum().item() for name in ended)

    assert distance(begun) < distance(fresh)


def test_runs_wait_for_the_models_they_build_on():
    arms = [experiment.Arm(name, "", "forwards", after=after) for name, after in (("on", "before"), ("twice", "on"))]
    found = small(arms).experiment
    waves = running._waves(found, [(arm, seed) for seed in range(2) for arm in ("twice", "before", "on")])
    assert waves == [[("before", 0), ("before", 1)], [("on", 0), ("on", 1)], [("twice", 0), ("twice", 1)]]
    assert found.digest(found.arm("twice")) != found.digest(replace(found.arm("twice"), after="before"))
