"""The page of notifications: the notices that tell a user what became of each order."""
