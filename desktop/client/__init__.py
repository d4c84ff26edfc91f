"""The page of the client: choose products, place orders, and see what became of them."""
