"""Reads texts of three dialects into one list of acts. Written from docs/dialects.md.

An act is a tuple whose first item is one of: try (move, state, cost, estimate), open (label, move, state), go (label), look (state,
moves), goal / dead / seen / cut (state), drop (label), bound (number), root (label, state), meet (label, label), stop, unsolvable,
answer (moves or `None`, optimal). What a text does not tell is `None`. `Unreadable` is raised where a text is outside the grammar.
"""

import json
import re
from fractions import Fraction


class Unreadable(Exception):
    pass


def number(text):
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Unreadable(f"no number: {text!r}")


SAID = {"goal", "dead", "seen", "cut"}
ALONE = SAID | {"back", "again", "to", "at", "drop", "bound", "stop", "unsolvable", "answer", "best", "open"}


def is_node(token):
    return re.fullmatch(r"#\d+", token) is not None


def compact(text, bare_moves):
    """`bare_moves`: whether a step tells no state (constraint puzzles)."""
    raw, tokens = text.split(), []
    for token in raw:  # 12 ^ 300 is 12300
        if len(tokens) > 1 and tokens[-1] == "^" and re.fullmatch(r"\d{3}", token):
            tokens.pop()
            tokens[-1] += token
        else:
            tokens.append(token)
    acts, at, count = [], 0, len(tokens)

    def node(index):
        if index < count and is_node(tokens[index]):
            return tokens[index]
        raise Unreadable("a node is missing")

    while at < count:
        token = tokens[at]
        follower = tokens[at + 1] if at + 1 < count else ""
        if token in ("answer", "best"):
            end = next((i for i in range(at + 1, count) if tokens[i] == "."), None)
            if end is None:
                raise Unreadable("an answer without an end")
            body = tokens[at + 1:end]
            moves = None if body == ["none"] else [m.strip() for m in " ".join(body).split(" , ")] if body else []
            acts.append(("answer", moves, token == "best"))
            at = end + 1
        elif token == ">" and is_node(follower):
            acts += [("go", follower), ("look", None, None)]
            at += 2
        elif token in ("back", "again"):
            acts += [("go", token), ("look", None, None)]
            at += 1
        elif token == "to":
            acts.append(("go", node(at + 1)))
            at += 2
        elif token == "at":
            node(at + 1)
            acts.append(("look", None, None))
            at += 2
        elif token == "drop":
            acts.append(("drop", node(at + 1)))
            at += 2
        elif token == "bound":
            # `/ 3 = 11` behind a bound is a step of a number line, and `/ 2` else a fraction.
            fraction = at + 3 < count and tokens[at + 2] == "/" and tokens[at + 4:at + 5] != ["="]
            acts.append(("bound", number(follower + ("/" + tokens[at + 3] if fraction else ""))))
            at += 4 if fraction else 2
        elif token == "=" and is_node(follower):
            acts.append(("meet", follower, node(at + 2)))
            at += 3
        elif token in ("stop", "unsolvable"):
            acts.append((token,))
            at += 1
        elif token in SAID:
            acts.append((token, None))
            at += 1
        elif token == "target":
            end = next((i for i in range(at + 1, count) if is_node(tokens[i])), None)
            if end is None:
                raise Unreadable("a second tree without a root")
            acts.append(("root", tokens[end], " ".join(tokens[at + 1:end])))
            at = end + 1
        else:  # a step
            begin = at
            named_open = token == "open"
            if named_open:
                begin = at = at + 1
            while at < count and tokens[at] not in (":", ";") and not is_node(tokens[at]) and not (tokens[at] == ">" and at + 1 < count and is_node(tokens[at + 1])) \
                    and tokens[at] not in ALONE and tokens[at] not in ("cost", "estimate"):
                at += 1
            move, state, cost, estimate = " ".join(tokens[begin:at]), None, None, None
            if at < count and tokens[at] == ":":
                begin = at = at + 1
                while at < count and tokens[at] != ";" and not is_node(tokens[at]) and not (tokens[at] == ">" and at + 1 < count and is_node(tokens[at + 1])) \
                        and tokens[at] not in ALONE and tokens[at] not in ("cost", "estimate", ":"):
                    at += 1
                state = " ".join(tokens[begin:at])
            elif not bare_moves:
                raise Unreadable(f"a step without a state: {move!r}")
            if at + 1 < count and tokens[at] == "cost":
                cost = number(tokens[at + 1])
                at += 2
            if at + 1 < count and tokens[at] == "estimate":
                estimate, at = tokens[at + 1], at + 2
                if at + 1 < count and tokens[at] == "/":
                    estimate, at = estimate + "/" + tokens[at + 1], at + 2
                estimate = number(estimate)
            if not named_open:
                acts.append(("try", move, state, cost, estimate))
            if at >= count:
                raise Unreadable("the text ends in a step")
            if tokens[at] == ";":
                at += 1
            elif tokens[at] == ">":
                acts += [("open", tokens[at + 1], None, None), ("go", tokens[at + 1]), ("look", None, None)]
                at += 2
            elif is_node(tokens[at]):
                acts.append(("open", tokens[at], move if named_open else None, state if named_open else None))
                at += 1
            elif tokens[at] not in SAID:
                raise Unreadable(f"a step that ends in {tokens[at]!r}")
    return acts


def quoted(text):
    """The moves of `['a', 'b']`."""
    inner = text.strip()
    if not (inner.startswith("[") and inner.endswith("]")):
        raise Unreadable(f"no list of moves: {text[:40]!r}")
    inner = inner[1:-1]
    if not inner:
        return []
    if not (inner.startswith("'") and inner.endswith("'")):
        raise Unreadable(f"no list of moves: {text[:40]!r}")
    return inner[1:-1].split("', '")


TRY = re.compile(r"Exploring Operation: (.+), Resulting [A-Z][A-Za-z ]*: (.+?)(?:, Cost: (-?\d+))?(?:, Estimate: (-?\d+(?:/\d+)?))?")
OPENED = re.compile(r"Generated Node #(\d+(?:,\d+)*): (.+) Operation: (.+)")
LABEL = r"#(\d+(?:,\d+)*)"


def frames(text, target):
    """The sentences of `stream-of-search`. `target` is how the prompt writes the target."""
    acts = []

    def split(both):
        if not both.startswith(target + ":"):
            raise Unreadable(f"another target: {both[:60]!r}")
        return both[len(target) + 1:]

    for line in text.split("\n"):
        if not line:
            continue
        if line.startswith("Current State: "):
            body, sign, path = line[len("Current State: "):].rpartition(", Operations: ")
            if not sign:
                raise Unreadable(line)
            acts.append(("look", split(body), quoted(path)))
        elif m := TRY.fullmatch(line):
            acts.append(("try", m[1], m[2], m[3] and number(m[3]), m[4] and number(m[4])))
        elif m := OPENED.fullmatch(line):
            acts.append(("open", m[1], m[3], split(m[2])))
        elif m := re.fullmatch("Moving to Node " + LABEL, line):
            acts.append(("go", m[1]))
        elif m := re.fullmatch("Dropping Node " + LABEL, line):
            acts.append(("drop", m[1]))
        elif m := re.fullmatch(r"Searching up to Bound (-?\d+(?:/\d+)?)", line):
            acts.append(("bound", number(m[1])))
        elif m := re.fullmatch(f"Starting at Goal Node {LABEL}: (.+)", line):
            acts.append(("root", m[1], split(m[2])))
        elif m := re.fullmatch(f"Node {LABEL} meets Node {LABEL}", line):
            acts.append(("meet", m[1], m[2]))
        elif line == "No solution found.":
            acts.append(("stop",))
        elif line == "No solution exists.":
            acts.append(("unsolvable",))
        elif m := re.fullmatch("(Optimal )?Answer: (.+)", line):
            acts.append(("answer", None if m[2] == "No Solution" else quoted(m[2]), bool(m[1])))
        else:
            for word, end in (("goal", " equal: Goal Reached"), ("dead", " unequal: No Solution"), ("seen", " seen before: No New Node"), ("cut", " beyond the bound: Not Explored")):
                if line.endswith(end):
                    value = line[:-len(end)]
                    bare = target[1:-1] if target.startswith("[") and target.endswith("]") else target
                    for way in (target, bare):
                        if value.endswith("," + way):
                            acts.append((word, value[:-len(way) - 1]))
                            break
                    else:
                        raise Unreadable(f"another target: {line[:60]!r}")
                    break
            else:
                raise Unreadable(f"no sentence of the grammar: {line[:60]!r}")
    return acts


def whole(value):
    return isinstance(value, int) and not isinstance(value, bool)


EVENTS = {"visit": "look", "open": "open", "goal": "goal", "dead-end": "dead", "seen": "seen", "cut": "cut", "prune": "drop", "move-to": "go"}


def events(text):
    """One JSON object. Labels are indices of nodes; a node that no event generates is `unborn`."""
    try:
        data = json.loads(text)
        nodes, acts = data.get("nodes", []), []
        for index, node in enumerate(nodes):
            if not all(isinstance(node.get(key, ""), str) for key in ("state", "move", "h")) or not all(whole(node.get(key, 0)) for key in ("parent", "ordinal", "g")):
                raise Unreadable(f"node {index} has a field of another type")
            if "parent" in node and not 0 <= node["parent"] < index:
                raise Unreadable(f"node {index} has a parent behind it")
        if data.get("claims"):
            raise Unreadable("it claims something else than its nodes say")
        for entry in data.get("events", []):
            kind, which = entry[0], entry[1]
            if len(entry) > 2:
                raise Unreadable("an event that says something else than its node")
            if which is not None and not (whole(which) and which >= 0):
                raise Unreadable(f"{which!r} is no node")
            node = nodes[which] if which is not None and kind not in ("bound", "meet") else None
            if kind == "generate":
                if "parent" not in node:
                    raise Unreadable(f"node {which} is generated without a parent")
                acts.append(("child", which, node["parent"], node["move"], node["state"], node.get("g"), number(node["h"]) if "h" in node else None))
            elif kind == "visit":
                acts.append(("look at", which, node["state"]))
            elif kind in ("open", "prune", "move-to"):
                acts.append({"open": ("opened", which), "prune": ("drop", which), "move-to": ("go", which)}[kind])
            elif kind in ("goal", "dead-end", "seen", "cut"):
                acts.append(("about", EVENTS[kind], which))
            elif kind == "bound":
                acts.append(("bound", number(data["bounds"][which])))
            elif kind == "root":
                acts.append(("root", which, node["state"]))
            elif kind == "meet":
                acts.append(("meet",) + tuple(data["meetings"][which]))
            elif kind in ("give-up", "unsolvable"):
                acts.append(("stop",) if kind == "give-up" else ("unsolvable",))
            else:
                raise Unreadable(f"no event: {kind!r}")
        if "answer" in data:
            moves = data["answer"]["moves"]
            if moves is not None and not all(isinstance(move, str) for move in moves):
                raise Unreadable("a move of the answer is no text")
            acts.append(("answer", data["answer"]["moves"], data["answer"].get("optimal", False)))
        return acts, nodes
    except Unreadable:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}")
