"""Random histories of a company: whatever happens, its accounts end up as they should be, and nobody suffers."""
