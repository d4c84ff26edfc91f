"""The database of the warehouse's books, on SQLite or PostgreSQL."""
