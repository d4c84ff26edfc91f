"""What can be ordered, and the search in it."""
