"""The user's own orders: the list, one of them in detail, and what can be done with it."""
