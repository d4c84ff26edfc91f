"""Bar code readers that act as keyboards."""
