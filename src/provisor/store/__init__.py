"""The store: SQLite by default, PostgreSQL when it grows, one vocabulary for both."""
