"""Find anything by typing: actions, products, orders, settings; and the sheet of keys."""
