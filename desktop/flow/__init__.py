"""The window that shows how messages flow: what RabbitMQ holds, and each order on its way through it."""
