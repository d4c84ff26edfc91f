"""Which books a warehouse serves, whether they may be served at this broker, and whether they can be used."""
