"""The warehouse's page: run the service, watch it, and work through what it holds."""
