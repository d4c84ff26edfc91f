"""The SQLite file of a history: opening, its tables in numbered steps, damaged cells."""
