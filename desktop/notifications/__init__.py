"""The listener's page: the notices that tell what became of each order."""
