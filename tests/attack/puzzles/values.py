"""Constraint puzzles: variables that get values so that every rule holds.

A rule here is asked of a partial assignment and says whether it is broken for certain: rules over decided variables alone, sums by their
bounds. That is all that the verifier needs: what it calls broken is broken.
"""

from itertools import permutations

from .base import Puzzle

DIFFERENT = "different"
TAKES = {"rule", "locked", "naked-pair", "naked-triple", "hidden-pair", "hidden-triple", "x-wing"}  # reasons that take a value away
REASONS = TAKES | {"guess", "place", "single", "hidden", "unit", "pure", "no-candidate", "no-place", "toss", "repair"}


class Values(Puzzle):
    """A state is the board (values, `None` where open), what open variables have lost, and whether a contradiction was said of it.

    `names`, `domains` and `given` are filled in by each kind, with `rules`: (variables, function of their values with `None` where open)."""

    reversible = False
    most_solutions = 20000

    def __init__(self, data):
        self.names, self.domains, self.given, self.rules = [], [], {}, []
        self.build(data)
        self.number = {name: i for i, name in enumerate(self.names)}
        self.board = tuple(self.given.get(i) for i in range(len(self.names)))
        self.start = self.board, frozenset(), False
        self.of = [[] for _ in self.names]
        for rule in self.rules:
            for variable in rule[0]:
                self.of[variable].append(rule)

    def different(self, variables):
        self.rules.append((tuple(variables), DIFFERENT))

    def total(self, variables, weights, target):
        """A weighted sum of variables is the target."""
        lows = [w * min(map(int, self.domains[v])) for v, w in zip(variables, weights)]
        highs = [w * max(map(int, self.domains[v])) for v, w in zip(variables, weights)]

        def holds(values):
            low = high = 0
            for value, weight, least, most in zip(values, weights, lows, highs):
                low += least if value is None else weight * int(value)
                high += most if value is None else weight * int(value)
            return low <= target <= high
        self.rules.append((tuple(variables), holds))

    def rule(self, variables, test):
        """A rule that is asked only where all its variables are decided."""
        self.rules.append((tuple(variables), lambda values: any(v is None for v in values) or test(*values)))

    @staticmethod
    def keeps(rule, state):
        values = [state[v] for v in rule[0]]
        if rule[1] is DIFFERENT:
            decided = [v for v in values if v is not None]
            return len(set(decided)) == len(decided)
        return rule[1](values)

    def broken(self, state, variable=None):
        rules = self.rules if variable is None else self.of[variable]
        return any(not self.keeps(rule, state) for rule in rules)

    def goal(self, state):
        return None not in state[0] and not self.broken(state[0])

    @staticmethod
    def set(board, variable, value):
        return board[:variable] + (value,) + board[variable + 1:]

    def decide(self, state, variable, value):
        return self.set(state[0], variable, value), frozenset(pair for pair in state[1] if pair[0] != variable), state[2]

    def moves(self, state):
        # Where a rule is broken, or nothing is left to a variable, nothing follows; what was taken from a variable is no choice.
        taken = [variable for variable, _ in state[1]]
        if self.broken(state[0]) or any(taken.count(variable) >= len(self.domains[variable]) for variable in set(taken)):
            return
        for variable, value in enumerate(state[0]):
            if value is None:
                for choice in (choice for choice in self.domains[variable] if (variable, choice) not in state[1]):
                    after = self.decide(state, variable, choice)
                    if not self.broken(after[0], variable):
                        yield (self.names[variable], choice), after, 1

    def move_key(self, text):
        for sign, blank in (("!=", " "), ("=", " = "), ("[", " "), ("]", " "), ("{", " "), ("}", " "), (",", " ")):
            text = text.replace(sign, blank)
        parts = text.split()
        if parts and parts[0] in REASONS:
            if "of" in parts and parts[0] == "guess":  # guess x1=F of {F T} is guess x1 F T = F
                at = parts.index("of")
                parts = parts[:2] + parts[at + 1:] + parts[2:at]
            return ("@",) + tuple(parts)
        return tuple(part for part in parts if part != "=")

    def reasoned(self, state, key, trusted=True):
        """What a move with a reason makes of a state: (state after it, what is wrong for certain or `None`)."""
        reason, rest = key[1], list(key[2:])
        board, lost, _ = state
        if reason not in ("guess", "toss", "single", "pure", "no-candidate") and rest and rest[0].isdigit():
            rest = rest[1:]
        if reason in ("no-place", "no-candidate"):
            wrong = trusted and self.dead(state) is False or reason == "no-candidate" and (len(rest) != 1 or rest[0] not in self.number)
            return (board, lost, True), "a contradiction that is none" if wrong else None
        if not rest or rest[0] not in self.number:
            return state, f"no variable in {' '.join(key[1:])}"
        variable, value = self.number[rest[0]], rest[-1]
        if value not in self.domains[variable]:
            return state, f"{value} is no value of {rest[0]}"
        if reason in ("toss", "repair"):
            if (board[variable] is None) != (reason == "toss") or variable in self.given:
                return state, f"{reason} of {rest[0]}, which is {board[variable]}"
            return self.decide(state, variable, value), None
        if board[variable] is not None:
            return state, f"{rest[0]} is decided already"
        proof = self.proof() if trusted else None
        fits = None if proof is None else [s for s in proof if all(v is None or v == w for v, w in zip(board, s))]
        if reason in TAKES:
            if fits and any(s[variable] == value for s in fits):
                return state, f"{rest[0]} can be {value}"
            return (board, lost | {(variable, value)}, state[2]), None
        after = self.decide(state, variable, value)
        if self.broken(after[0], variable):
            return after, f"{rest[0]} = {value} breaks a rule"
        if reason not in ("guess", "pure", "place") and fits and any(s[variable] != value for s in fits):
            return after, f"{rest[0]} need not be {value}"
        if reason == "guess":
            listed = rest[1:-2]  # NAME candidates = VALUE
            if value not in listed or len(set(listed)) != len(listed):
                return after, "the guess is not among its candidates"
            if fits and not all(s[variable] in listed for s in fits):
                return after, f"a candidate of {rest[0]} is forgotten"
        return after, None

    def say(self, move, frames):
        return ("=" if frames else " ").join(move)

    def state_key(self, text):
        """`[31__/2__1 not r1c3=1 .]`, `3 1 _ _ 2 _ _ 1 not r1c3 1 .`, with `contradiction` behind it where one was said."""
        inner = text.replace("[", " ").replace("]", " ").replace("=", " ").split()
        contradiction = "contradiction" in inner
        if contradiction:
            inner.remove("contradiction")
        lost = frozenset()
        if "not" in inner:
            at = inner.index("not")
            pairs = [word for word in inner[at + 1:] if word != "."]
            if len(pairs) % 2 or any(name not in self.number for name in pairs[::2]):
                return None
            lost = frozenset((self.number[name], value) for name, value in zip(pairs[::2], pairs[1::2]))
            inner = inner[:at]
        if len(inner) == 1 and len(self.names) > 1:
            inner = list(inner[0].replace("/", ""))
        if len(inner) != len(self.names):
            return None
        return tuple(None if w == "_" else w for w in inner), lost, contradiction

    def all_solutions(self, state=None, most=None):
        """Every way to fill a state in, or `None` where there are too many or it takes too long."""
        state = self.board if state is None else state
        most = self.most_solutions if most is None else most
        found, work = [], [0]

        def go(state):
            work[0] += 1
            if work[0] > 40000 or len(found) > most:
                return False
            best = None
            for variable, value in enumerate(state):
                if value is None:
                    options = [after for choice in self.domains[variable] for after in (self.set(state, variable, choice),) if not self.broken(after, variable)]
                    if best is None or len(options) < len(best):
                        best = options
                        if len(best) < 2:
                            break
            if best is None:
                found.append(state)
                return True
            return all(go(after) for after in best)
        if self.broken(state):
            return []
        return found if go(state) else None

    def proof(self):
        """All solutions of the puzzle, or `None`."""
        if not hasattr(self, "_proof"):
            self._proof = self.all_solutions()
        return self._proof

    def distances(self):
        return None

    def dead(self, state):
        """Whether no solution has the values that a state has."""
        proof = self.proof()
        if proof is None:
            return None
        return not any(all(v is None or v == w for v, w in zip(state[0], solution)) for solution in proof)

    def cheapest(self):
        proof = self.proof()
        if proof is None:
            return False, None
        return True, sum(v is None for v in self.board) if proof else None

    def solutions(self):
        proof = self.proof()
        return None if proof is None else len(proof)

    def other_solution(self, random):
        """Some solution, its values in some order: each order is legal, since a part of a solution breaks no rule."""
        proof = self.proof()
        if not proof:
            return None
        solution = random.choice(proof)
        open_variables = [i for i, v in enumerate(self.board) if v is None]
        random.shuffle(open_variables)
        return [(self.names[i], solution[i]) for i in open_variables]

    def square(self, rows, columns, cells, values):
        """Cells `r1c1` …, with what is given."""
        for r in range(rows):
            for c in range(columns):
                if cells is not None and cells[r][c]:
                    self.given[len(self.names)] = str(cells[r][c])
                self.names.append(f"r{r + 1}c{c + 1}")
                self.domains.append(values)


class Sudoku(Values):
    def build(self, data):
        cells = data["cells"]
        n = len(cells)
        self.square(n, n, cells, [str(d + 1) for d in range(n)])
        for k in range(n):
            self.different(k * n + c for c in range(n))
            self.different(r * n + k for r in range(n))
        tall, wide = {4: (2, 2), 6: (2, 3), 9: (3, 3), 16: (4, 4)}[n]
        for top in range(0, n, tall):
            for left in range(0, n, wide):
                self.different((top + r) * n + left + c for r in range(tall) for c in range(wide))


class LatinSquare(Values):
    def build(self, data):
        cells = data["cells"]
        n = len(cells)
        self.square(n, n, cells, [str(d + 1) for d in range(n)])
        for k in range(n):
            self.different(k * n + c for c in range(n))
            self.different(r * n + k for r in range(n))


class Futoshiki(LatinSquare):
    def build(self, data):
        super().build(data)
        n = len(data["cells"])
        for a, b, c, d in data["less"]:
            self.rule(((a - 1) * n + b - 1, (c - 1) * n + d - 1), lambda x, y: int(x) < int(y))


class Queens(Values):
    def build(self, data):
        columns = data["columns"]
        n = len(columns)
        for c, row in enumerate(columns):
            if row:
                self.given[c] = str(row)
            self.names.append(f"q{c + 1}")
            self.domains.append([str(r + 1) for r in range(n)])
        for a in range(n):
            for b in range(a):
                self.rule((a, b), lambda x, y, gap=a - b: x != y and abs(int(x) - int(y)) != gap)


class Colouring(Values):
    colours = ("red", "green", "blue", "yellow", "black", "white")

    def build(self, data):
        for k in range(data["nodes"]):
            self.names.append(f"n{k + 1}")
            self.domains.append(list(self.colours[:data["colours"]]))
        self.edges = {frozenset((a - 1, b - 1)) for a, b in data["edges"]}
        for edge in self.edges:
            self.different(sorted(edge))

    def invariant(self):
        """Colours of refinement, which a renaming of the nodes keeps."""
        near = [[w for e in self.edges if v in e for w in e if w != v] for v in range(len(self.names))]
        colour = [len(n) for n in near]
        for _ in range(6):
            signs = [(colour[v], tuple(sorted(colour[w] for w in near[v]))) for v in range(len(near))]
            names = {s: i for i, s in enumerate(sorted(set(signs)))}
            colour = [names[s] for s in signs]
        cliques = sum(1 for a in range(len(near)) for b in near[a] for c in near[b] if a < b < c and c in near[a])
        return repr((len(self.names), len(self.domains[0]), sorted(signs), cliques))


class Sat(Values):
    def build(self, data):
        for k in range(data["variables"]):
            self.names.append(f"x{k + 1}")
            self.domains.append(["F", "T"])
        for clause in data["clauses"]:
            self.rules.append((tuple(abs(n) - 1 for n in clause), lambda values, clause=clause: any(
                v is None or (v == "T") == (n > 0) for v, n in zip(values, clause))))


class SubsetSum(Values):
    def build(self, data):
        numbers = data["numbers"]
        self.names = [f"i{k + 1}" for k in range(len(numbers))]
        self.domains = [["0", "1"]] * len(numbers)
        self.total(range(len(numbers)), numbers, data["target"])


class Knapsack(Values):
    def build(self, data):
        weights, values = data["weights"], data["values"]
        n = len(weights)
        self.names = [f"i{k + 1}" for k in range(n)]
        self.domains = [["0", "1"]] * n
        self.rules.append((tuple(range(n)), lambda v: sum(w for w, x in zip(weights, v) if x == "1") <= data["capacity"]))
        self.rules.append((tuple(range(n)), lambda v: sum(w for w, x in zip(values, v) if x != "0") >= data["least"]))
        self.weights, self.worth, self.capacity, self.least = weights, values, data["capacity"], data["least"]

    def build_check(self):
        """`least` is the most that fits: nothing is worth more within the capacity."""
        best = {0: 0}
        for weight, value in zip(self.weights, self.worth):
            for load, worth in list(best.items()):
                if load + weight <= self.capacity and best.get(load + weight, -1) < worth + value:
                    best[load + weight] = worth + value
        return max(best.values()) == self.least


class Partition(Values):
    def build(self, data):
        numbers = data["numbers"]
        self.names = [f"i{k + 1}" for k in range(len(numbers))]
        self.domains = [["0", "1"]] * len(numbers)
        self.given[0] = "1"
        self.total(range(len(numbers)), numbers, sum(numbers) / 2)


class ExactCover(Values):
    def build(self, data):
        sets = data["sets"]
        self.names = [f"s{k + 1}" for k in range(len(sets))]
        self.domains = [["0", "1"]] * len(sets)
        for element in range(1, data["elements"] + 1):
            holders = [k for k, s in enumerate(sets) if element in s]
            self.total(holders, [1] * len(holders), 1)


class Kakurasu(Values):
    def build(self, data):
        rows, columns = data["rows"], data["columns"]
        n, m = len(rows), len(columns)
        self.square(n, m, None, ["0", "1"])
        for r in range(n):
            self.total([r * m + c for c in range(m)], range(1, m + 1), rows[r])
        for c in range(m):
            self.total([r * m + c for r in range(n)], range(1, n + 1), columns[c])


class Survo(Values):
    def build(self, data):
        cells = data["cells"]
        n, m = len(cells), len(cells[0])
        self.square(n, m, cells, [str(k + 1) for k in range(n * m)])
        self.different(range(n * m))
        for r in range(n):
            self.total([r * m + c for c in range(m)], [1] * m, data["rows"][r])
        for c in range(m):
            self.total([r * m + c for r in range(n)], [1] * n, data["columns"][c])


class Zebra(Values):
    def build(self, data):
        at = {}
        houses = len(data["attributes"][0])
        for group in data["attributes"]:
            for name in group:
                at[name] = len(self.names)
                self.names.append(name)
                self.domains.append([str(h + 1) for h in range(houses)])
            self.different(at[name] for name in group)
        tests = {
            "same": lambda x, y: x == y,
            "left": lambda x, y: int(x) + 1 == int(y),
            "next": lambda x, y: abs(int(x) - int(y)) == 1,
            "apart": lambda x, y: x != y,
            "before": lambda x, y: int(x) < int(y),
        }
        for clue in data["clues"]:
            (kind, (a, b, *more)), = clue.items()
            if kind == "gap":
                self.rule((at[a], at[b]), lambda x, y, apart=more[0]: abs(int(x) - int(y)) == apart)
            elif kind == "notat":
                self.rule((at[a],), lambda x, house=str(b): x != house)
            elif kind == "at":
                self.rule((at[a],), lambda x, house=str(b): x == house)
            else:
                self.rule((at[a], at[b]), tests[kind])
        self.data = data

    def invariant(self):
        """Names, groups and clues by number in the order that refinement gives them, where there are only clues that are drawn."""
        if any(set(clue) & {"before", "gap", "notat"} for clue in self.data["clues"]):
            return None
        group = {name: g for g, names in enumerate(self.data["attributes"]) for name in names}
        colour = {name: 0 for name in group}
        symmetric = {"same", "next", "apart"}
        for _ in range(5):
            seen = {name: [] for name in group}
            for clue in self.data["clues"]:
                (kind, (a, b)), = clue.items()
                if kind == "at":
                    seen[a].append((kind, b, 0))
                else:
                    seen[a].append((kind, colour[b], 0))
                    seen[b].append((kind, colour[a], 0 if kind in symmetric else 1))
            signs = {name: (colour[name], tuple(sorted(seen[name])), tuple(sorted(colour[o] for o in group if group[o] == group[name]))) for name in group}
            numbers = {s: i for i, s in enumerate(sorted(set(signs.values())))}
            colour = {name: numbers[signs[name]] for name in group}
        return repr((sorted(signs.values()), len(self.data["clues"])))


class KnightsKnaves(Values):
    def build(self, data):
        self.names = list(data["people"])
        self.domains = [["knave", "knight"]] * len(self.names)
        for speaker, said in data["statements"]:
            people = sorted({speaker} | self.people(said))
            self.rule([p - 1 for p in people], lambda *v, people=people, speaker=speaker, said=said: self.fits(dict(zip(people, v)), speaker, said))
        self.data = data

    def people(self, said):
        """Who is named in a part: a list of a person and a truth value, or a claim."""
        if isinstance(said, list):
            return {said[0]}
        (kind, parts), = said.items()
        if kind == "is":
            return {parts[0]}
        if kind in ("same", "differ"):
            return set(parts)
        return set().union(*map(self.people, [parts] if kind == "not" else parts))

    def fits(self, kinds, speaker, said):
        return (kinds[speaker] == "knight") == self.true(kinds, said)

    def true(self, kinds, said):
        if isinstance(said, list):
            return kinds[said[0]] == ("knight" if said[1] else "knave")
        (kind, parts), = said.items()
        if kind in ("is", "not"):
            return self.true(kinds, parts) == (kind == "is")
        if kind in ("same", "differ"):
            return (kinds[parts[0]] == kinds[parts[1]]) == (kind == "same")
        values = [self.true(kinds, part) for part in parts]
        if kind == "and":
            return all(values)
        if kind == "or":
            return any(values)
        if kind == "if":
            return not values[0] or values[1]
        if kind == "iff":
            return values[0] == values[1]
        raise ValueError(kind)

    def invariant(self):
        """The least writing over all orders of the people, where they are few and no claim is part of another one."""
        if len(self.names) > 6 or any(isinstance(part, dict) for _, said in self.data["statements"] for part in list(said.values())[0]):
            return None
        best = None
        for order in permutations(range(len(self.names))):
            statements = []
            for speaker, said in self.data["statements"]:
                (kind, parts), = said.items()
                if kind in ("same", "differ"):
                    new = sorted(order[p - 1] for p in parts)
                elif kind == "is":
                    new = [(order[parts[0] - 1], parts[1])]
                else:
                    new = [(order[p - 1], w) for p, w in parts]
                    if kind in ("and", "or"):
                        new.sort()
                statements.append((order[speaker - 1], kind, repr(new)))
            text = repr(sorted(statements))
            best = text if best is None or text < best else best
        return best


class Cryptarithm(Values):
    def build(self, data):
        addends, total = data["addends"], data["sum"]
        letters = list(dict.fromkeys("".join(addends) + total))
        self.names = letters
        leading = {word[0] for word in addends + [total] if len(word) > 1}
        self.domains = [[str(d) for d in range(10) if d or letter not in leading] for letter in letters]
        self.different(range(len(letters)))
        at = {letter: k for k, letter in enumerate(letters)}

        def columns(values):
            """Whether the columns from the right, as far as they are decided, can be right."""
            carry = {0}
            width = len(total)
            for place in range(max(width, max(map(len, addends)))):
                digits = [values[at[w[-1 - place]]] for w in addends if place < len(w)]
                result = values[at[total[-1 - place]]] if place < width else "0"
                if None in digits or result is None:
                    return True
                carry = {(sum(map(int, digits)) + c) // 10 for c in carry if (sum(map(int, digits)) + c) % 10 == int(result)}
                if not carry:
                    return False
            return carry == {0}
        self.rules.append((tuple(range(len(letters))), lambda values: None in values or columns(values)))
        self.columns = columns
        self.data = data

    def all_solutions(self, state=None, most=None):
        """By columns from the right, letter by letter."""
        state = self.board if state is None else state
        addends, total = self.data["addends"], self.data["sum"]
        order = []
        for place in range(len(total)):
            for word in addends + [total]:
                if place < len(word) and word[-1 - place] not in order:
                    order.append(word[-1 - place])
        order += [letter for letter in self.names if letter not in order]
        found = []

        def go(state, depth):
            if not self.columns(state):
                return
            if depth == len(order):
                found.append(state)
                return
            variable = self.number[order[depth]]
            if state[variable] is not None:
                go(state, depth + 1)
                return
            for choice in self.domains[variable]:
                if choice not in state:
                    go(self.set(state, variable, choice), depth + 1)
        go(state, 0)
        return found

    def invariant(self):
        best = None
        for order in permutations(self.data["addends"]):
            names, text = {}, []
            for word in list(order) + [self.data["sum"]]:
                text.append("".join(chr(97 + names.setdefault(ch, len(names))) for ch in word))
            joined = "+".join(text)
            best = joined if best is None or joined < best else best
        return best
