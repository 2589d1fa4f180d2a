"""Changes the meaning of right texts and asks the program's checker what it says; says right things in other words and asks again.

A changed text must not stay `valid` where the verifier says that it is wrong, and its answer is judged as the verifier judges it. A text
that only looks different (white space, line ends, wrapper tokens, another right solution) must not be refused.
"""

import json
import random
import re
import subprocess

from records import Verdict

PIECE = re.compile(r"\d+|[A-Za-z_-]+|\s+|.", re.S)


def pieces(text):
    return PIECE.findall(text)


# Changes of meaning: each takes a text and a source of draws, and gives a text or `None`.

def number(text, draw):
    places = [m for m in re.finditer(r"\d+", text)]
    if not places:
        return None
    at = draw.choice(places)
    value = int(at[0])
    new = draw.choice([value + 1, max(0, value - 1), value + draw.randint(2, 9), value * 10, draw.randint(0, 20)])
    return text[:at.start()] + str(new) + text[at.end():]


def name(text, draw):
    """A word becomes another word of the text."""
    places = [m for m in re.finditer(r"[A-Za-z]+", text)]
    if len(places) < 2:
        return None
    at, other = draw.choice(places), draw.choice(places)
    return text[:at.start()] + other[0] + text[at.end():]


def exchange(text, draw):
    """Two neighbouring words change places."""
    parts = re.split(r"(\s+)", text)
    places = [i for i in range(0, len(parts) - 2, 2) if parts[i] != parts[i + 2]]
    if not places:
        return None
    at = draw.choice(places)
    parts[at], parts[at + 2] = parts[at + 2], parts[at]
    return "".join(parts)


def lines(text):
    """What a text is made of: lines, or steps of one line."""
    return text.splitlines(keepends=True) if text.count("\n") > 1 else re.split(r"(?<=\s)", text)


def repeat(text, draw):
    parts = lines(text)
    at = draw.randrange(len(parts))
    return "".join(parts[:at + 1] + parts[at:])


def drop(text, draw):
    parts = lines(text)
    at = draw.randrange(len(parts))
    return "".join(parts[:at] + parts[at + 1:])


def move(text, draw):
    parts = lines(text)
    if len(parts) < 3:
        return None
    at, to = draw.sample(range(len(parts)), 2)
    part = parts.pop(at)
    parts.insert(to, part)
    return "".join(parts)


def cut(text, draw):
    return text[:draw.randrange(1, len(text))] if len(text) > 2 else None


def letter(text, draw):
    at = draw.randrange(len(text))
    return text[:at] + text[at + 1:]


SAID = [(" goal", " dead"), (" dead", " goal"), (" seen", " goal"), (" dead", " seen"), ("equal: Goal Reached", "unequal: No Solution"),
        ("unequal: No Solution", "equal: Goal Reached"), ("seen before: No New Node", "equal: Goal Reached"), ('"dead-end"', '"goal"'), ('"goal"', '"dead-end"'), ('"seen"', '"goal"')]


def said(text, draw):
    fitting = [(a, b) for a, b in SAID if a in text]
    if not fitting:
        return None
    a, b = draw.choice(fitting)
    at = draw.choice([m.start() for m in re.finditer(re.escape(a), text)])
    return text[:at] + b + text[at + len(a):]


def answers(text, draw):
    """A second answer section: a false none, or the right answer with a move less, before or behind the right one."""
    for find, none in ((r"(?:answer|best)( [^.]*)? \.", "answer none ."), (r"(?:Optimal )?Answer: .*", "Answer: No Solution"), (r"answer: .*", "answer: none")):
        found = re.search(find, text)
        if found:
            other = none
            if draw.random() < 0.6:
                body = found[0]
                cut_off = body.rsplit(" , ", 1)[0] + " ." if " , " in body else body.rsplit(", '", 1)[0] + "]" if ", '" in body else body.rsplit(", ", 1)[0] if ", " in body else None
                other = cut_off or none
            gap = "\n" if "nswer:" in found[0] else " "
            both = (other, found[0]) if draw.random() < 0.5 else (found[0], other)
            return text[:found.start()] + gap.join(both) + text[found.end():]
    return None


def stale(text, draw):
    """A piece of text is copied over another one of its kind: numbers and names that are true elsewhere."""
    places = list(re.finditer(r"\[[^\[\]]*\]|\([^()]*\)|#[\d,]+|\d+(?: \d+)+", text))
    if len(places) < 2:
        return None
    a, b = draw.sample(places, 2)
    return text[:a.start()] + b[0] + text[a.end():] if a[0] != b[0] else None


def elsewhere(text, draw):
    """Control goes to another node that the text names."""
    moves = list(re.finditer(r"(?<=> )#\d+|(?<=Moving to Node )#[\d,]+|revert: .*|(?<=\"move-to\",)\d+", text))
    if not moves:
        return None
    at = draw.choice(moves)
    kind = r"#[\d,]+" if at[0].startswith("#") else r"revert: .*" if at[0].startswith("revert") else r"(?<=\"move-to\",)\d+"
    names = [m[0] for m in re.finditer(kind, text) if m[0] != at[0]]
    return text[:at.start()] + draw.choice(names) + text[at.end():] if names else None


CHANGES = [number, number, number, name, name, exchange, repeat, drop, move, cut, letter, said, said, answers, answers, stale, stale, elsewhere, elsewhere]


# The same in other words.

def in_other_words(row, text, dialect):
    yield "CRLF", text.replace("\n", "\r\n")
    yield "white space around it", "\n  " + text + " \n\n"
    if dialect != "events":
        yield "spaces at line ends", re.sub(r"\n", "  \n", text)
    yield "a byte order mark", "\ufeff" + text
    yield "an end token", text + "<|endoftext|>"
    yield "sentence tokens", "<s>" + text + "</s>"
    yield "think tags", "<think>\n" + text.strip(" ") + "\n</think>"
    yield "a fence", "```\n" + text.strip() + "\n```"
    if dialect == "events":
        try:
            yield "other JSON", json.dumps(json.loads(text), sort_keys=True, indent=1)
        except ValueError:
            pass


def another_answer(puzzle, dialect, draw):
    """The answer section of another right solution, found by the verifier's own walk."""
    keys = puzzle.other_solution(draw)
    if keys is None:
        return None
    if dialect == "compact":
        return "answer " + " , ".join(puzzle.say(key, False) for key in keys) + " ." if keys else "answer ."
    moves = [puzzle.say(key, True) for key in keys]
    if dialect == "sudoku":
        # Survo writes its cells as r1c1, the other boards as (0, 0).
        cell = lambda name: name if type(puzzle).__name__ == "Survo" else re.sub(r"^r(\d+)c(\d+)$", lambda m: f"({int(m[1]) - 1}, {int(m[2]) - 1})", name)
        return "answer: " + ", ".join(f"{cell(name)} = {value}" for name, value in keys)
    if dialect in ("searchformer", "beyond-semantics"):
        cells = puzzle.walk(keys)[0]
        plan = " ".join(f"plan {x} {y}" for x, y in (state[0] if isinstance(state[0], tuple) else state for state in cells))
        return plan if dialect == "searchformer" else f"solution {plan} end"
    if dialect == "events":
        return json.dumps({"nodes": [], "events": [], "answer": {"moves": moves, "optimal": False}})
    return "Answer: [" + ", ".join(f"'{move}'" for move in moves) + "]"


def ask(program, requests):
    text = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run([program, "check", "-"], input=text.encode(), capture_output=True)
    out = [json.loads(line) for line in done.stdout.decode(errors="replace").splitlines()]
    if done.returncode not in (0, 1) or len(out) != len(requests):
        raise RuntimeError(f"sos check: exit {done.returncode}, {len(out)} answers to {len(requests)} requests: {done.stderr.decode(errors='replace')[-300:]}")
    return out


class Case:
    __slots__ = ("row", "prompt", "text", "what", "verdict", "original")

    def __init__(self, row, prompt, text, what, verdict=None, original=None):
        self.row, self.prompt, self.text, self.what, self.verdict, self.original = row, prompt, text, what, verdict, original


def request(case, puzzle=True):
    row = case.row
    out = {"env": row["env"], "dialect": row["dialect"], "prompt": case.prompt, "completion": case.text}
    if puzzle:
        out["puzzle"] = json.loads(row["puzzle"])
    return out


def attack(options, environment, dialect, puzzles, clean, faults, counts):
    """`clean`: (row, prompt, text) of right texts."""
    draw = random.Random(f"{options.seed}/{environment}/{dialect}")
    clean = [c for c in clean if c[2].strip() and len(c[2]) < 6000]
    if not clean:
        faults.append(f"{environment} {dialect}: no right text to change")
        return

    def count(what, by=1):
        counts[what] = counts.get(what, 0) + by

    def fault(case, got, what):
        faults.append(f"{environment} {dialect} {case.row['record']} {case.row['index']}, {case.what}: {what}; sos check: valid {got.get('valid')}, solved {got.get('solved')}, "
                      f"reward {got.get('reward')}, {str(got.get('error') or got.get('first_error'))[:160]}; text: {json.dumps(case.text[-260:] if len(case.text) > 260 else case.text)}")

    # What is right stays right, in whatever way it is handed over.
    same = []
    for row, prompt, text in clean:
        same.append(Case(row, prompt, text, "as it is"))
    for row, prompt, text in draw.sample(clean, min(len(clean), 8)):
        for what, other in in_other_words(row, text, dialect):
            same.append(Case(row, prompt, other, what))
        other = another_answer(puzzles.get(row["puzzle"]), dialect, draw)
        if other:
            same.append(Case(row, prompt, other, "another right answer"))
    got = ask(options.program, [request(case) for case in same])
    originals = {}
    for case, verdict in zip(same, got):
        count("mutants")
        count("in other words")
        key = case.row["record"], case.row["split"], case.row["index"]
        if case.what == "as it is":
            originals[key] = verdict
            mine = Verdict(puzzles.get(case.row["puzzle"]), dialect, case.prompt, case.text)
            if not verdict.get("valid"):
                fault(case, verdict, "a right text is refused")
            elif mine.solved is not None and verdict.get("solved") != mine.solved:
                fault(case, verdict, f"solved; worked out: {mine.solved}")
        elif case.what == "another right answer":
            if not (verdict.get("valid") and verdict.get("solved") and verdict.get("reward") == 1):
                fault(case, verdict, "a right answer is refused")
        else:
            base = originals[key]
            if any(verdict.get(field) != base.get(field) for field in ("valid", "solved", "reward")):
                fault(case, verdict, f"the same in other words: valid {base.get('valid')}, solved {base.get('solved')} before")
    # Without the puzzle: the prompt tells it.
    few = [Case(row, prompt, text, "without the puzzle") for row, prompt, text in clean[:6]]
    for case, verdict in zip(few, ask(options.program, [request(case, False) for case in few])):
        count("mutants")
        key = case.row["record"], case.row["split"], case.row["index"]
        if any(verdict.get(field) != originals[key].get(field) for field in ("valid", "solved", "reward")):
            fault(case, verdict, "the prompt does not tell the puzzle")

    # What is changed.
    wanted = options.mutants_each - counts.get("mutants", 0) % options.mutants_each
    cases, tries = [], 0
    while len(cases) < max(0, options.mutants_each - len(same) - len(few)) and tries < 4 * wanted + 100:
        tries += 1
        row, prompt, text = draw.choice(clean)
        change = draw.choice(CHANGES)
        other = change(text, draw)
        if other is None or not other.strip() or other.split() == text.split():
            continue
        if draw.random() < 0.2:
            again = draw.choice(CHANGES)(other, draw)
            other = again if again and again.split() != text.split() else other
        cases.append(Case(row, prompt, other, change.__name__))
    for begin in range(0, len(cases), 500):
        part = cases[begin:begin + 500]
        for case, verdict in zip(part, ask(options.program, [request(case) for case in part])):
            count("mutants")
            judge(case, verdict, puzzles.get(case.row["puzzle"]), dialect, fault, count)


def judge(case, got, puzzle, dialect, fault, count):
    if "error" in got:
        fault(case, got, "no verdict")
        return
    try:
        mine = Verdict(puzzle, dialect, case.prompt, case.text)
    except (IndexError, KeyError, ValueError, TypeError, AttributeError):
        count("mutants that the verifier cannot read")
        return
    if mine.error:
        count("mutants, wrong for certain")
        if got["valid"]:
            fault(case, got, f"a changed text stays valid: {mine.error}")
    else:
        count("mutants, not wrong for certain")
    if got["valid"] and got["errors"]:
        fault(case, got, "valid with errors")
    if mine.unreadable or any(error["class"] in ("malformed", "truncated") for error in got["errors"]):
        return  # what an answer in broken words says is nobody's claim
    if mine.result.answers and mine.answer_right is not None:
        if got["solved"] != mine.answer_right:
            fault(case, got, f"solved; the answer is right: {mine.answer_right}")
        expected = 1 if mine.answer_right and mine.one_answer else 0
        if got["reward"] != expected:
            fault(case, got, f"the reward should be {expected}")
        if got.get("answer_right") is not None and got["answer_right"] != mine.answer_right:
            fault(case, got, f"answer_right; worked out: {mine.answer_right}")
    elif not mine.result.answers and mine.result.solved is False and got["solved"]:
        fault(case, got, "solved, and the trace reaches no goal")
