"""The private RabbitMQ: one node per data directory, shared by its windows and commands.

A detached supervisor process owns the node. Every user of it holds a connection to the supervisor:
that is its membership, and it ends with its process, however that ends.
"""
