"""Resources in SQLite or PostgreSQL: tables, index rows, filters as SQL, references between resources."""
