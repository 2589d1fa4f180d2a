//! Checking: replay a trace against its puzzle.
