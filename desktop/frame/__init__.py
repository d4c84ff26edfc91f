"""What surrounds the tabs: menus, details, first start, palette, log, tray."""
