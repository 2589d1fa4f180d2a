"""Thin adapters to other people's trainers and evaluators. Each imports its library where it is needed, and scores by the one scorer."""
