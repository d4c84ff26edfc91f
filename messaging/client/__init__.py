"""The client's service: it places orders through an outbox and follows what becomes of them."""
