"""Finds rows of a long table: what can be typed, the field it is typed into, and filters saved under a name."""
