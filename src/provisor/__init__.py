"""Provisor keeps the accounts of SaaS applications equal to what a directory says."""

__version__ = "0.2.0"
