"""The interfaces the engine talks through; sources, targets, store and runner implement them."""
