"""The catalogue: the products that can be ordered, and the search in them."""
