"""What travels over RabbitMQ: names of exchanges and queues, and messages as JSON."""
