"""Texts in the grammars of other papers, replayed: `searchformer` and `beyond-semantics` (mazes, Sokoban), `sudoku` (constraint puzzles)."""

import re

from readers import Unreadable
from replay import MISLEADING, Result, Wrong

PAPERS = ("searchformer", "beyond-semantics", "sudoku")


def replay(puzzle, dialect, text, heuristic=""):
    result = Result()
    try:
        if dialect == "sudoku":
            Lines(puzzle, result).run(text)
        else:
            OpenList(puzzle, result, heuristic).run(text, dialect)
    except Unreadable as error:
        result.error = result.error or f"unreadable: {error}"
    except Wrong as wrong:
        result.error = result.error or str(wrong)
        if result.solved is not True:
            result.solved = None
    return result


STARTS = ("create", "close", "stop", "unsolvable", "plan")


class OpenList:
    """`create STATE` puts a state on the open list, `close STATE` takes it from there and goes on from it."""

    def __init__(self, puzzle, result, heuristic):
        self.puzzle, self.result = puzzle, result
        self.admissible = bool(heuristic) and heuristic not in MISLEADING

    def run(self, text, dialect):
        tokens = text.split()
        if dialect == "beyond-semantics":
            tokens = self.unwrap(tokens)
        at, trace, plans = 0, [], []
        last = None
        while at < len(tokens):
            if tokens[at] not in STARTS:
                raise Unreadable(f"no word of the grammar: {tokens[at]!r}")
            end = at + 1
            while end < len(tokens) and tokens[end] not in STARTS:
                end += 1
            if last == "plan" and tokens[at] != "plan":
                raise Unreadable("a plan in the middle of a trace")
            if tokens[at] != "plan":
                trace.append((tokens[at], tokens[at + 1:end]))
            elif last == "plan":
                plans[-1].append(" ".join(tokens[at + 1:end]))
            else:
                plans.append([" ".join(tokens[at + 1:end])])
            last = tokens[at]
            at = end
        wrong = None
        try:
            self.trace(trace)
        except Wrong as error:
            wrong = error
            self.result.solved = None
        for plan in plans:
            try:
                self.plan(plan)
            except Wrong as error:
                wrong = wrong or error
        if wrong:
            raise wrong

    @staticmethod
    def unwrap(tokens):
        out = []
        for token in tokens:
            if token not in ("reasoning", "solution", "end"):
                out.append(token)
        return out

    def trace(self, events):
        puzzle, result = self.puzzle, self.result
        g, opened, closed, current = {}, set(), set(), None
        estimates = {}
        if events:
            result.solved = False
        for word, rest in events:
            if word == "unsolvable":
                known, cost = puzzle.cheapest()
                if known and cost is not None:
                    raise Wrong("there is a solution")
                result.solved = True
                continue
            if word == "stop":
                continue
            numbers = [token for token in rest if re.fullmatch(r"c\d+", token)]
            if numbers and (len(numbers) != 2 or rest[-2:] != numbers):
                raise Unreadable(" ".join(rest))
            state = puzzle.state_key(" ".join(rest[:len(rest) - len(numbers)]))
            if state is None:
                raise Unreadable(" ".join(rest))
            cost, estimate = (int(token[1:]) for token in numbers) if numbers else (None, None)
            if word == "create":
                if current is None and not g:
                    if state != puzzle.start:
                        raise Wrong("the first state is not the start")
                    new = 0
                else:
                    if current is None:
                        raise Wrong("a state is created before the start is closed")
                    steps = [price for after, price in puzzle.options(current).values() if after == state]
                    if not steps:
                        raise Wrong(f"no step leads from {current!r} to {state!r}")
                    new = g[current] + min(steps)
                    if state in g and g[state] <= new:
                        raise Wrong(f"{state!r} was created before as cheaply")
                g[state] = new
                opened.add(state)
                closed.discard(state)
            else:
                if not g and state == puzzle.start:
                    g[state] = 0
                    opened.add(state)
                if state not in opened or state in closed:
                    raise Wrong(f"{state!r} is not open")
                opened.discard(state)
                closed.add(state)
                current = state
            if cost is not None:
                if cost != g[state]:
                    raise Wrong(f"{state!r} costs {g[state]}, and not {cost}")
                if estimates.setdefault(state, estimate) != estimate:
                    raise Wrong(f"two estimates of {state!r}")
                far = puzzle.distances()
                if self.admissible and far is not None and estimate > far.get(state, estimate):
                    raise Wrong(f"the estimate {estimate} is more than it takes")
            if puzzle.goal(state):
                result.solved, result.cost = True, g[state]
            result.nodes += word == "create"

    def plan(self, steps):
        puzzle, result = self.puzzle, self.result
        if steps == ["none"]:
            known, cost = puzzle.cheapest()
            result.answers.append((None if not known else cost is None, None))
            if known and cost is not None:
                raise Wrong("there is a solution, and the plan says none")
            return
        state, keys, right = puzzle.start, [], True

        def cell(state):
            return state[0] if isinstance(state[0], tuple) else state
        for number, step in enumerate(steps):
            try:
                x, y = (int(n) for n in step.split())
            except ValueError:
                raise Unreadable(f"a plan of {step!r}")
            if number == 0:
                right = (x, y) == cell(state)
                continue
            following = [(move, after) for move, (after, _) in puzzle.options(state).items() if cell(after) == (x, y)]
            if not right or not following:
                right = False
                break
            keys.append(following[0][0])
            state = following[0][1]
        right = right and puzzle.goal(state)
        result.answers.append((right, keys if right else steps))
        if not right:
            raise Wrong("the plan does not solve the puzzle")


NAME = r"\(\d+, \d+\)|[A-Za-z]\w*"
LINE = re.compile(rf"(?:(guess|revert): )?({NAME}) (?:\[([^\]]*)\] )?(!?=) (\w+)((?: [a-z-]+)?(?: \d+)?)(?: : (.+))?")


class Lines:
    """One line a fill, a guess, a contradiction or a guess taken back."""

    def __init__(self, puzzle, result):
        self.puzzle, self.result = puzzle, result
        self.path = [(puzzle.start, None, False)]  # (state, the move that led there, whether a pure literal was decided on the way)

    def name(self, text):
        m = re.fullmatch(r"\((\d+), (\d+)\)", text)
        name = f"r{int(m[1]) + 1}c{int(m[2]) + 1}" if m else text
        if name not in self.puzzle.number:
            raise Wrong(f"no variable {text!r}")
        return name

    def run(self, text):
        wrong = None
        for line in text.split("\n"):
            line = line.strip()
            if not line:
                continue
            if line.startswith(("answer:", "best answer:")):
                try:
                    self.answer(line.split(":", 1)[1].strip())
                except Wrong as error:
                    wrong = wrong or error
            elif wrong is None:
                if self.result.solved is None:
                    self.result.solved = False
                try:
                    self.line(line)
                except Wrong as error:
                    wrong = error
                    self.result.solved = None
        if wrong:
            raise wrong

    def line(self, line):
        puzzle, result = self.puzzle, self.result
        state, _, pure = self.path[-1]
        if line == "solved":
            if not puzzle.goal(state):
                raise Wrong("it is not solved")
            result.solved = True
        elif line == "dead":
            if puzzle.goal(state) or not pure and puzzle.dead(state) is False:
                raise Wrong("a dead end that is none")
            self.path.pop()
            if not self.path:
                raise Wrong("behind the start is nothing")
        elif line == "stop":
            pass
        elif line == "unsolvable":
            if puzzle.cheapest()[1] is not None:
                raise Wrong("there is a solution")
            result.solved = True
        elif m := re.fullmatch(r"(nocand): (.+?)( : .+)?|(invalid): (\w+) in (\d+)( : .+)?", line):
            if m[1]:
                self.name(m[2])
            if not pure and puzzle.dead(state) is False:
                raise Wrong("a contradiction that is none")
            claimed = (m[3] or m[7] or "").removeprefix(" : ")
            if claimed and puzzle.state_key(claimed) != (state[0], state[1], True):
                raise Wrong(f"the state {claimed!r} is another one")
        elif m := LINE.fullmatch(line):
            what, name, listed, sign, value, reason, claimed = m.groups()
            name = self.name(name)
            if what == "revert":
                self.revert(name, value)
                if claimed is not None and puzzle.state_key(claimed) != self.path[-1][0]:
                    raise Wrong(f"the state {claimed!r} is not that before {name} = {value}")
                return
            words = reason.split()
            if what == "guess":
                candidates = [c for c in listed.replace(",", " ").split()] if listed is not None else [value]
                key = ("@", "guess", name, *candidates, "=", value)
            elif words:
                key = ("@", words[0], *words[1:], name, value)
            else:
                key = (name, value)
            if key[0] == "@":
                after, problem = puzzle.reasoned(state, key, not pure)
                if problem or (sign == "!=") == (after[0] != state[0]):
                    raise Wrong(f"{line!r}: {problem or 'the sign does not fit its reason'}")
            else:
                step = puzzle.options(state).get(key) if sign == "=" else None
                if step is None:
                    raise Wrong(f"{line!r} is not possible")
                after = step[0]
            if claimed is not None and puzzle.state_key(claimed) != after:
                raise Wrong(f"the state {claimed!r} is not where {line!r} leads")
            self.path.append((after, (name, value, what == "guess"), pure or "pure" in words))
            result.nodes += 1
        else:
            raise Unreadable(f"no line of the grammar: {line[:60]!r}")

    def revert(self, name, value):
        for at in range(len(self.path) - 1, 0, -1):
            move = self.path[at][1]
            if move[:2] == (name, value):
                del self.path[at:]
                return
        raise Wrong(f"{name} = {value} was taken back before, or never set")

    def answer(self, body):
        puzzle, result = self.puzzle, self.result
        if body in ("none", "no solution"):
            known, cost = puzzle.cheapest()
            result.answers.append((None if not known else cost is None, None))
            if known and cost is not None:
                raise Wrong("there is a solution, and the answer says none")
            return
        keys = []
        for part in re.split(r", (?=[(A-Za-z])", body) if body else []:
            m = re.fullmatch(rf"({NAME}) = (\w+)", part.strip())
            if not m:
                raise Unreadable(f"an answer of {part!r}")
            name = self.name(m[1])
            given = puzzle.given.get(puzzle.number[name])
            if given is None:
                keys.append((name, m[2]))
            elif given != m[2]:
                keys.append((name, "another value than is given"))
        right, _ = puzzle.solves(keys)
        result.answers.append((right, tuple(sorted(keys))))
        if not right:
            raise Wrong("the answer does not solve the puzzle")
