"""Kinds of application that accounts are written to."""
