"""The private RabbitMQ: one node per data directory, shared by its windows and commands.

A detached supervisor process owns the node. Each process that uses the node is a member: it holds a connection to the
supervisor, and its membership ends with that connection, also after a kill.
"""
