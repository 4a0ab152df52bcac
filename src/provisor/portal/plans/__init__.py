"""An application's Plan tab: what a cycle would do, what is held, and what a person decides about it."""
