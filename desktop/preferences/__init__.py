"""Every option of the program, to see and to change."""
