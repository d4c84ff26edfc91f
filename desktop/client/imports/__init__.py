"""Orders from a file, shown before they are placed."""
