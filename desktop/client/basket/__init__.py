"""The order that is being put together."""
