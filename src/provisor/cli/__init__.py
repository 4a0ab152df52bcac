"""The command line: one module for each group of commands, over the same use cases as the service."""
