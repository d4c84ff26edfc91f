"""An AMQP URL as the fields of a form, and back."""

import re
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from urllib.parse import quote, unquote, urlsplit

from messaging.errors import UsageError
from messaging.phrases import phrase

PORT, TLS_PORT = 5672, 5671
HIDDEN = "***"  # shown in place of a password
_PASSWORD = re.compile(r"(://[^:/@,]*:)([^@,]*)(@)")  # a comma parts addresses; in a password it is %2C


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
    """Take an AMQP URL apart. Raises UsageError where it is none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise UsageError(phrase("address.this_address_cannot_be_read", error=error)) from error
    if parts.scheme not in ("amqp", "amqps"):
        raise UsageError(phrase("address.an_address_begins_with_amqp_or"))
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


def masked(urls: str) -> str:
    """The same addresses without their passwords."""
    return _PASSWORD.sub(rf"\g<1>{HIDDEN}\g<3>", urls)


def unmasked(shown: str, known: str) -> str:
    """Put the passwords of `known` back into addresses that were shown masked and perhaps edited since."""
    before = [found[2] if (found := _PASSWORD.search(one)) else "" for one in known.split(",")]
    pairs = zip_longest(shown.split(","), before[: shown.count(",") + 1], fillvalue="")
    return ",".join(_PASSWORD.sub(partial(_reveal, password), one) for one, password in pairs)


def _reveal(password: str, found: re.Match[str]) -> str:
    return f"{found[1]}{password if found[2] == HIDDEN else found[2]}{found[3]}"
