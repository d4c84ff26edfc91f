"""The commands of a window that need the whole program; `desktop/application/window_commands.py` runs them."""

from enum import StrEnum


class WindowCommand(StrEnum):
    NEW_WINDOW = "new window"
    PROFILE = "profile"
    STAGE = "stage"
    CONNECTION = "connection"
    PREFERENCES = "preferences"
    QUIT = "quit"
    PALETTE = "palette"
    SHORTCUTS = "shortcuts"
    STATUS = "status"
    FLOW = "flow"
    ABOUT = "about"
