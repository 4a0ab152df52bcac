"""The directory: users and groups of every source, and those that are kept here."""
