"""What changes the books, inside one transaction that the store has begun."""
