"""Replays what a text claims against the rules of its puzzle, and says what is wrong for certain.

It calls an error only what no reading of the rules allows; what it cannot prove (a dead end of a puzzle that is too large) it lets pass.
"""

import readers
from puzzles import is_values
from readers import Unreadable

MISLEADING = {"sum", "multiply", "difference", "lost", "degree"}  # heuristics that may estimate too much


class Wrong(Exception):
    """The first error of a text."""


class Node:
    __slots__ = ("state", "parent", "move", "g", "h", "children", "opened", "dropped", "visited", "tree", "depth", "label", "priced", "pure", "born", "ordinal")

    def __init__(self, state, parent, move, cost, tree):
        self.state, self.parent, self.move, self.tree = state, parent, move, tree
        self.g = (parent.g if parent else 0) + cost
        self.depth = parent.depth + 1 if parent else 0
        self.h = self.label = None
        self.children = self.born = 0
        self.ordinal = parent.born if parent else 0
        if parent:
            parent.born += 1
        self.opened = self.dropped = self.visited = self.priced = False
        self.pure = parent.pure if parent else False

    def path(self):
        out, node = [], self
        while node.parent:
            out.append(node.move)
            node = node.parent
        return out[::-1]


class Result:
    def __init__(self):
        self.error = None            # the first error, in words
        self.solved = None           # by the trace; `None` without a trace
        self.answers = []            # (right, moves or None) of each answer section
        self.cost = None
        self.nodes = 0
        self.gave_up = self.unsolvable = False


def acts_of(puzzle, dialect, prompt, text):
    if dialect == "compact":
        return readers.compact(text, is_values(puzzle)), None
    if dialect == "stream-of-search":
        first = next(line for line in prompt.split("\n")[::-1] if line.startswith("Current State: "))
        target = first[len("Current State: "):].rpartition(", Operations: ")[0]
        target = target.rpartition(":")[0]
        if text.startswith("Current State: "):
            return readers.frames(text, target), None
        return readers.frames(first + "\n" + text.lstrip("\n"), target), None
    return readers.events(text)


def replay(puzzle, dialect, prompt, text, heuristic=""):
    """What is true of a text."""
    result = Result()
    try:
        acts, nodes = acts_of(puzzle, dialect, prompt, text)
    except Unreadable as error:
        result.error = f"unreadable: {error}"
        return result
    Replay(puzzle, result, heuristic, nodes).run(acts)
    return result


class Replay:
    def __init__(self, puzzle, result, heuristic, nodes):
        self.puzzle, self.result, self.nodes = puzzle, result, nodes
        self.admissible = bool(heuristic) and heuristic not in MISLEADING
        self.estimates = {}
        self.begin()

    def begin(self):
        """A search from the start: all labels are new."""
        self.root = Node(self.puzzle.start, None, None, 0, 0)
        self.root.opened = self.root.visited = True
        self.current = self.pending = self.root
        self.labels = {}
        self.count = 0
        self.bound = None
        self.reached = {(0, self.puzzle.start): [self.root]}
        self.root.label = 0

    def run(self, acts):
        result = self.result
        traced = any(act[0] not in ("answer",) for act in acts) and not all(act[0] in ("answer", "look") for act in acts)
        if traced:
            result.solved = False
        for act in acts:
            try:
                if act[0] == "answer":
                    self.answer(*act[1:])
                else:
                    getattr(self, "on_" + act[0].replace(" ", "_"))(*act[1:])
            except Wrong as wrong:
                if result.error is None:
                    result.error = str(wrong)
                if act[0] != "answer":
                    # Behind an error of the trace only the answers can still be judged.
                    self.dead_trace = True
                    for other in acts[acts.index(act) + 1:]:
                        if other[0] == "answer":
                            try:
                                self.answer(*other[1:])
                            except Wrong:
                                pass
                    result.solved = None
                    return

    # What is claimed, one by one.

    def read_state(self, text):
        key = self.puzzle.state_key(text)
        if key is None:
            raise Wrong(f"no state: {text!r}")
        return key

    def same(self, text, state, what):
        if text is not None and self.read_state(text) != state:
            raise Wrong(f"{what}: {text!r} is not {state!r}")

    def on_try(self, move, state, cost, estimate):
        self.generate(self.current, move, state, cost, estimate)

    def generate(self, parent, move, state, cost, estimate):
        key = self.puzzle.move_key(move)
        if key[:1] == ("@",):
            pure = parent.pure or key[1] == "pure"
            after, problem = self.puzzle.reasoned(parent.state, key, not parent.pure)
            if problem:
                raise Wrong(f"{move!r}: {problem}")
            price = 1
        else:
            pure = parent.pure
            step = self.puzzle.options(parent.state).get(key)
            if step is None:
                raise Wrong(f"{move!r} is not possible in {parent.state!r}")
            after, price = step
        self.same(state, after, f"the result of {move!r}")
        child = Node(after, parent, key, price, parent.tree)
        child.pure = pure
        self.result.nodes += 1
        child.priced = cost is not None
        if cost is not None and cost != child.g:
            raise Wrong(f"{move!r} costs {cost}, and not {child.g}")
        if estimate is not None:
            child.h = estimate
            if child.tree == 0:
                known = self.estimates.setdefault(after, estimate) if key[:1] != ("@",) and not is_values(self.puzzle) else estimate
                if known != estimate:
                    raise Wrong(f"two estimates of {after!r}: {known} and {estimate}")
                if self.admissible:
                    self.check_estimate(after, estimate)
        self.reached.setdefault((child.tree, after), []).append(child)
        self.pending = child
        return child

    def check_estimate(self, state, estimate):
        if self.puzzle.goal(state) and estimate != 0:
            raise Wrong(f"the estimate of a goal is {estimate}")
        far = self.puzzle.distances()
        if far is not None and state in far and estimate > far[state]:
            raise Wrong(f"the estimate {estimate} of {state!r} is more than the {far[state]} that it takes")

    def on_child(self, index, parent, move, state, cost, estimate):
        node = self.by_index(parent)
        if node is not self.current:
            raise Wrong(f"node {index} is generated from {parent}, which is not where control is")
        child = self.generate(node, move, state, cost, estimate)
        child.label = index
        self.labels[index] = child

    def by_index(self, index):
        if index == self.root_index():
            return self.root
        if index not in self.labels:
            raise Wrong(f"no event generates node {index}")
        return self.labels[index]

    def root_index(self):
        """In `events` each search from the start has a root of its own: the next node without a parent."""
        return getattr(self, "_root_index", 0)

    def on_opened(self, index):
        if index not in self.labels and index != self.root_index() and "parent" in self.nodes[index]:
            # An opening may stand for its generation.
            node = self.nodes[index]
            self.on_child(index, node["parent"], node.get("move", ""), node.get("state"), None, None)
        node = self.by_index(index)
        if node.opened:
            raise Wrong(f"node {index} is opened twice")
        node.opened = True

    def on_about(self, word, index):
        self.say(word, self.by_index(index))

    def on_look_at(self, index, state):
        if self.nodes is not None and index != self.root_index() and index not in self.labels and "parent" not in self.nodes[index] and not self.fresh_used:
            self._root_index, self.fresh_used = index, True
        node = self.by_index(index)
        if node is not self.current:
            raise Wrong(f"node {index} is looked at, and control is elsewhere")
        self.same(state, node.state, "what is looked at")

    fresh_used = True

    def on_open(self, label, move, state):
        child = self.pending
        if child.opened and move is not None and state is not None:
            child = self.generate(self.current, move, state, None, None)  # an opening may stand for its generation
        if child.opened:
            raise Wrong(f"{label} opens nothing")
        if move is not None and self.puzzle.move_key(move) != child.move:
            raise Wrong(f"{label} was reached by another move than {move!r}")
        self.same(state, child.state, f"the state of {label}")
        if label.startswith("#"):
            self.count += 1
            if label != f"#{self.count}":
                raise Wrong(f"{label} is opened where #{self.count} is next")
        else:
            # Some searches count the children that are opened, some those that are generated.
            ordinals = {f"{self.name(child.parent)},{n}" for n in (child.parent.children, child.ordinal)}
            if label not in ordinals:
                raise Wrong(f"{label} is opened where {' or '.join(sorted(ordinals))} is next")
        if label in self.labels:
            raise Wrong(f"{label} is opened twice")
        child.parent.children += 1
        child.label, child.opened = label, True
        self.labels[label] = child

    def name(self, node):
        return node.label if node.parent or node.tree else "0"

    def find(self, label):
        if label == "back":
            if self.current.parent is None:
                raise Wrong("back from the start")
            return self.current.parent
        if label == "again":
            return self.current
        if label in ("#0", "0") and label not in self.labels or isinstance(label, int) and label == self.root_index():
            return self.root
        if label not in self.labels:
            raise Wrong(f"there is no node {label}")
        return self.labels[label]

    def on_go(self, label):
        node = self.find(label)
        if not node.opened or node.dropped:
            raise Wrong(f"{label} is not open")
        if node.visited:
            above = self.current
            while above is not None and above is not node:
                above = above.parent
            if above is None:
                raise Wrong(f"{label} is closed")
        node.visited = True
        self.current = self.pending = node

    def on_look(self, state, moves):
        self.same(state, self.current.state, "the current state")
        if moves is not None and [self.puzzle.move_key(m) for m in moves] != self.current.path():
            raise Wrong("the moves to the current state are others")

    def on_drop(self, label):
        node = self.find(label)
        if node.dropped or not node.opened:
            raise Wrong(f"{label} is not open")
        node.dropped = True

    def on_bound(self, bound):
        self.begin()
        self.bound = bound
        self.fresh_used = False

    def on_root(self, label, state):
        key = self.read_state(state)
        if not self.puzzle.goal(key):
            raise Wrong("the second tree begins at no goal")
        node = Node(key, None, None, 0, 1)
        node.opened = True
        node.label = label
        if isinstance(label, str) and label.startswith("#"):
            self.count += 1
            if label != f"#{self.count}":
                raise Wrong(f"{label} is opened where #{self.count} is next")
        self.labels[label] = node
        self.reached.setdefault((1, key), []).append(node)

    def on_meet(self, a, b):
        one, two = self.find(a), self.find(b)
        if one.tree != 0 or two.tree != 1 or one.state != two.state:
            raise Wrong(f"{a} and {b} do not meet")
        self.result.solved = True
        self.result.cost = one.g + two.g

    def about(self, value):
        """The node that a word is about: the child generated just before, else the current node."""
        node = self.pending
        if value is not None:
            key = self.read_state(value)
            if key != node.state and key == self.current.state:
                return self.current
            if key != node.state:
                raise Wrong(f"{value!r} is neither the last nor the current state")
        return node

    def of_the_last(self, word, value):
        """Said of the child generated just before, which is settled by that, or of the current node."""
        node = self.about(value)
        self.pending = self.current
        self.say(word, node)

    def on_goal(self, value):
        self.of_the_last("goal", value)

    def on_dead(self, value):
        self.of_the_last("dead", value)

    def on_seen(self, value):
        self.of_the_last("seen", value)

    def on_cut(self, value):
        self.of_the_last("cut", value)

    def say(self, word, node):
        puzzle = self.puzzle
        if word == "goal":
            if not puzzle.goal(node.state):
                raise Wrong(f"{node.state!r} is no goal")
            if self.result.solved is not True:
                self.result.solved = True
                self.result.cost = node.g
        elif word == "dead":
            if puzzle.goal(node.state):
                raise Wrong(f"{node.state!r} is a goal and called a dead end")
            # Where all that follows was reached before, a search has no way on either.
            reached = not is_values(puzzle) and all((node.tree, after) in self.reached for after, _ in puzzle.options(node.state).values())
            if not node.pure and not reached and puzzle.dead(node.state) is False:
                raise Wrong(f"{node.state!r} leads on and is called a dead end")
        elif word == "seen":
            others = [n for n in self.reached.get((node.tree, node.state), ()) if n is not node]
            if not any(other.g <= node.g or not node.priced for other in others):
                raise Wrong(f"{node.state!r} was not reached before as cheaply")
        elif word == "cut":
            if self.bound is None:
                raise Wrong("a cut without a bound")
            if node.h is not None and not node.g + node.h > self.bound:
                raise Wrong(f"{node.g} + {node.h} is within the bound {self.bound}")
            if node.h is None and node.g < self.bound:
                raise Wrong(f"{node.g} is within the bound {self.bound}")

    def on_stop(self):
        self.result.gave_up = True

    def on_unsolvable(self):
        self.result.unsolvable = True
        known, cost = self.puzzle.cheapest()
        if known and cost is not None:
            raise Wrong("there is a solution")
        if self.result.solved is False:
            self.result.solved = True

    def answer(self, moves, optimal):
        if moves is None:
            known, cost = self.puzzle.cheapest()
            self.result.answers.append((None if not known else cost is None, None))
            if known and cost is not None:
                raise Wrong("there is a solution, and the answer says none")
            return
        keys = [self.puzzle.move_key(move) for move in moves]
        if any(key[:1] == ("@",) for key in keys):
            # An answer that gives reasons: they would have to be held against what was decided before them.
            self.result.answers.append((None, keys))
            return
        right, cost = self.puzzle.solves(keys)
        self.result.answers.append((right, keys))
        if not right:
            raise Wrong("the answer does not solve the puzzle")
        if optimal:
            known, least = self.puzzle.cheapest()
            if known and least is not None and cost > least:
                raise Wrong(f"the answer costs {cost}, and {least} is enough")
