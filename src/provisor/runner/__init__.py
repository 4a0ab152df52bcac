"""How cycles get run: one process that watches the store and runs what is due."""
