"""Words, numbers and times as the window writes them, in its language."""
