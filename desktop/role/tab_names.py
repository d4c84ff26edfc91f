"""The names of the three tabs, as the command line and the settings know them."""

TABS = ("client", "warehouse", "notifications")
