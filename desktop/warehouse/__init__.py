"""The page of the warehouse: run the service, watch it, and work through its orders, stock and messages set aside."""
