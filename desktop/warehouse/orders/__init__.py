"""Lists of orders in one state, and the pick list."""
