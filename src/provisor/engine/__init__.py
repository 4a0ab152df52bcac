"""The use cases: import, plan, apply, and the commands an administrator gives."""
