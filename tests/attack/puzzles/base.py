"""What a puzzle is to the verifier: states, legal moves with their results and costs, goals, and how both are read from text.

The rules here are written from docs/environments.md and from the puzzles' own names. They share no code with the project.
"""

import heapq
import re
from collections import deque

WORDS = re.compile(r"[A-Za-z0-9]+|[^\sA-Za-z0-9]")


def words(text, drop="[](),"):
    """The words, numbers and signs of a text, but for signs that only group."""
    return tuple(w for w in WORDS.findall(text) if w not in drop)


class Puzzle:
    """One puzzle. A subclass sets `start` and says which moves a state has."""

    reversible = True  # whether each move can be taken back by another one
    explorable = 6000  # so many states are explored for proofs; a larger puzzle is proven in part

    def goal(self, state):
        raise NotImplementedError

    def moves(self, state):
        """(key of the move, next state, cost) of each legal move."""
        raise NotImplementedError

    def state_key(self, text):
        """A state as it is compared, from text in any dialect; `None` where it cannot be read."""
        return words(text, "[](),/")

    def move_key(self, text):
        return words(text)

    def say(self, move, frames):
        """How a move is written: in the frames of `stream-of-search` and in `events`, or in `compact`."""
        return " ".join(move)

    def options(self, state):
        memo = self.__dict__.setdefault("_options", {})
        if state not in memo:
            if len(memo) > 50000:
                memo.clear()
            memo[state] = {move: (after, cost) for move, after, cost in self.moves(state)}
        return memo[state]

    def walk(self, moves):
        """The states that moves (keys) lead through, their cost, and the number of the first illegal move, if there is one."""
        state, cost, states = self.start, 0, [self.start]
        for number, move in enumerate(moves):
            step = self.options(state).get(move)
            if step is None:
                return states, cost, number
            state, cost = step[0], cost + step[1]
            states.append(state)
        return states, cost, None

    def solves(self, moves):
        states, cost, bad = self.walk(moves)
        return bad is None and self.goal(states[-1]), cost

    def distances(self):
        """Cost from each state that can be reached to its nearest goal (states without a way to a goal are left out), or `None` where
        the puzzle is too large."""
        if not hasattr(self, "_distances"):
            self._distances = self._explore()
        return self._distances

    def _explore(self):
        back, queue, seen = {}, deque([self.start]), {self.start}
        while queue:
            state = queue.popleft()
            for _, after, cost in self.moves(state):
                back.setdefault(after, []).append((state, cost))
                if after not in seen:
                    if len(seen) >= self.explorable:
                        return None
                    seen.add(after)
                    queue.append(after)
        far = {state: 0 for state in seen if self.goal(state)}
        heap = [(0, index, state) for index, state in enumerate(far)]
        count = len(heap)
        while heap:
            cost, _, state = heapq.heappop(heap)
            if cost > far[state]:
                continue
            for before, step in back.get(state, ()):
                if cost + step < far.get(before, 1 << 60):
                    far[before] = cost + step
                    count += 1
                    heapq.heappush(heap, (cost + step, count, before))
        self._reached = seen
        return far

    def dead(self, state):
        """Whether no goal can be reached from a state: `None` where that is not known."""
        far = self.distances()
        if far is None or state not in self._reached:
            return None
        return state not in far

    def cheapest(self):
        """(known, cost of a cheapest solution or `None` where there is none)."""
        far = self.distances()
        if far is not None:
            return True, far.get(self.start)
        return False, None

    def solutions(self):
        """How many solutions there are, where that is a question of the puzzle and cheap."""
        return None

    def other_solution(self, random):
        """Keys of moves of some solution, found by our own walk; `None` where that is dear."""
        far = self.distances()
        if far is None or self.start not in far:
            return None
        state, path = self.start, []
        while not self.goal(state):
            best = [(m, after) for m, after, cost in self.moves(state) if far.get(after, 1 << 60) + cost == far[state]]
            if not best:
                return None
            move, state = random.choice(best)
            path.append(move)
        return path

    def invariant(self):
        """Equal for two puzzles that differ by a renaming or a symmetry; `None` where there is no such invariant here."""
        return None
