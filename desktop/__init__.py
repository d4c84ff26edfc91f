"""The window of Order Desk. Its packages stand on `messaging`, never the other way round."""
