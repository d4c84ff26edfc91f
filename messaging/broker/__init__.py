"""RabbitMQ: connections, publishing, consuming and questions. Only this package uses pika."""
