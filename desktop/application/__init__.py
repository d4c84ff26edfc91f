"""The program: it starts, builds a window for each user, answers their commands, and closes everything again."""
