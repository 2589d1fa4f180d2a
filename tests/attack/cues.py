"""Cues and twins, which need more rows than labels do."""

CUES = {}
EXACT_TWINS = {}
