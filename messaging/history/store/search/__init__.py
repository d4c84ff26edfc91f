"""What a search over the history asks for, and how SQLite answers it; rows are found as their numbers."""
