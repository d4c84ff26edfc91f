"""The SQLite database of one user's history."""
