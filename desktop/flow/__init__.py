"""The window that shows how messages flow: what RabbitMQ holds, and how each order moves through it."""
