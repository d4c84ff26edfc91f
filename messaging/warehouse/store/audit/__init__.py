"""The audit: it checks the books with queries that share no code with what writes them."""
