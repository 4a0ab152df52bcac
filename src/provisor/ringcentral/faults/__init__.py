"""Faults on demand: what a client meets in the wild, on command and the same each time."""
