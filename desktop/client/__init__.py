"""The client's page: choose products, place orders, and see what became of them."""
