"""Graphs: a cheapest path along edges."""

from .base import Puzzle, words


class Graph(Puzzle):
    reversible = False

    def __init__(self, data):
        self.out = {}
        directed = data.get("directed", False)
        weighted = any(len(edge) > 2 for edge in data["edges"])
        for edge in data["edges"]:
            a, b, weight = str(edge[0]), str(edge[1]), edge[2] if len(edge) > 2 else 1
            for x, y in ((a, b),) if directed else ((a, b), (b, a)):
                move = (x, ">" if directed else "-", y) + (("=", str(weight)) if weighted else ())
                self.out.setdefault(x, []).append((move, (y,), weight))
        self.start = (str(data["start"]),)
        self.goals = {str(goal) for goal in data.get("candidates", [data.get("goal")])}

    def goal(self, state):
        return state[0] in self.goals

    def moves(self, state):
        return self.out.get(state[0], [])

    def say(self, move, frames):
        move = ["->" if sign == ">" and not frames else sign for sign in move]
        return ("" if frames else " ").join(move)

    def move_key(self, text):
        return words(text.replace("->", ">"))
