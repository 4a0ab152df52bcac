"""Kinds of directory that people and groups are imported from."""
