"""What is measured of a test, by name."""

from __future__ import annotations

#: What is measured of a row: one character, `1`, `0`, `-` where there is nothing that could be right (it counts as 0), or `.` where the row is left out.
MEASURES = {
    "solved": "the answer solves the puzzle, whatever the trace; for rows without an answer behind their trace: the trace does. Of a judgement: it is right. Of two answers: the second one is right",
    "optimal": "the solution is a cheapest one, too",
    "valid": "the trace has no error; `-` where the text has none. Of a judgement: it names the first error of a wrong candidate",
    "formed": "the text can be read to its end",
    "clean": "of the texts that solve their puzzle: the trace has no error; `.` for all others",
    "first": "the first answer is right",
    "gained": "the first answer is wrong, and the second right",
    "lost": "the first answer is right, and the second wrong",
    "same": "the second answer says what the first one says",
    "accepted": "the first wrong candidate of the row is given 50 % or more; `.` where all are right",
}


#: Measures of a pack as a whole.
NUMBERS = {
    "auroc": "the chance that a right candidate is given more than a wrong one",
    "ece": "how far what is given lies from the share of right candidates (expected calibration error)",
}
