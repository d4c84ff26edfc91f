"""A RabbitMQ that somebody else runs."""

from urllib.parse import urlsplit

from messaging.ports import Address


class ExternalBroker:
    """One or several AMQP URLs; has the private node's shape, so that either can be used."""

    def __init__(self, urls: tuple[str, ...]) -> None:
        self._urls = urls

    def __enter__(self) -> "ExternalBroker":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def start(self) -> None:
        """It runs already."""

    def close(self) -> None:
        """It is not ours to stop."""

    def address(self) -> Address:
        return Address(self._urls)

    def wait_ready(self, timeout: float) -> str:
        """At once: whether it answers is found out by connecting."""
        return self._urls[0]

    def management_url(self) -> str:
        """Where RabbitMQ's management usually is: beside the first URL, with its user and password."""
        url = urlsplit(self._urls[0])
        scheme, port = ("https", 15671) if url.scheme == "amqps" else ("http", 15672)
        host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname or "localhost"
        return f"{scheme}://{url.username or 'guest'}:{url.password or 'guest'}@{host}:{port}"
