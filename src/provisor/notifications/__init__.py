"""How notices leave: by mail."""
