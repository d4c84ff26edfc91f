"""What one user keeps: orders placed, notices received, and the subscription that completes them."""
