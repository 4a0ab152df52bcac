"""The figures of docs/performance.md, each a ratio or a count measured in one run."""
