"""An AMQP URL as the fields of a form, and back."""

from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from messaging.errors import UsageError

PORT, TLS_PORT = 5672, 5671


@dataclass(frozen=True, slots=True)
class AddressForm:
    host: str = "localhost"
    port: int = PORT
    user: str = "guest"
    password: str = "guest"
    vhost: str = "/"
    tls: bool = False
    query: str = ""  # what else the URL says (heartbeat, ssl_options): kept as it is

    @property
    def url(self) -> str:
        scheme = "amqps" if self.tls else "amqp"
        host = f"[{self.host}]" if ":" in self.host else self.host
        login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@" if self.user else ""
        more = f"?{self.query}" if self.query else ""
        return f"{scheme}://{login}{host}:{self.port}/{quote(self.vhost, safe='')}{more}"


def read(url: str) -> AddressForm:
    """Raises UsageError where it is no AMQP URL."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise UsageError(f"This address cannot be read: {error}.") from error
    if parts.scheme not in ("amqp", "amqps"):
        raise UsageError("An address begins with amqp:// or amqps://.")
    tls = parts.scheme == "amqps"
    return AddressForm(
        host=parts.hostname or "localhost",
        port=port or (TLS_PORT if tls else PORT),
        user=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        vhost=unquote(parts.path[1:]) or "/",
        tls=tls,
        query=parts.query,
    )
