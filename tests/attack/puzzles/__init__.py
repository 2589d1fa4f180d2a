"""One class for each environment, by its name."""

from . import amounts, boards, countdown, graph, grids, stacks, values

PUZZLES = {
    "countdown": countdown.Countdown, "graph": graph.Graph, "maze": grids.Maze, "sokoban": grids.Sokoban,
    "sliding-tiles": stacks.SlidingTiles, "hanoi": stacks.Hanoi, "blocksworld": stacks.Blocks, "pancake": stacks.Pancake,
    "rush-hour": boards.RushHour, "lights-out": boards.LightsOut, "knights": boards.Knights, "pocket-cube": boards.PocketCube,
    "water-jugs": amounts.WaterJugs, "number-line": amounts.NumberLine, "river-crossing": amounts.RiverCrossing,
    "word-ladder": amounts.WordLadder, "sudoku": values.Sudoku, "latin-square": values.LatinSquare, "n-queens": values.Queens,
    "futoshiki": values.Futoshiki, "graph-colouring": values.Colouring, "k-sat": values.Sat, "subset-sum": values.SubsetSum,
    "knapsack": values.Knapsack, "number-partition": values.Partition, "exact-cover": values.ExactCover, "kakurasu": values.Kakurasu,
    "survo": values.Survo, "zebra": values.Zebra, "knights-knaves": values.KnightsKnaves, "cryptarithm": values.Cryptarithm,
}


def is_values(puzzle):
    """Whether it is a constraint puzzle."""
    return isinstance(puzzle, values.Values)
