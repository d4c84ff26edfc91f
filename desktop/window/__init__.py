"""The main window around the pages: menus, dialogs, log, status bar."""
