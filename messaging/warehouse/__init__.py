"""The warehouse's service: it decides orders in transactions and publishes what came of them."""
