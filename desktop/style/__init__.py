"""Looks: colours, icons, themes, and how each state is shown."""
