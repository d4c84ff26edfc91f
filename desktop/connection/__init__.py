"""Where RabbitMQ is: the dialog that asks, tests and remembers."""
