"""TLS of the run's RabbitMQ: its own listener, with a certificate of an authority that is made for the run."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import trustme

from messaging.broker.node import ports
from messaging.broker.node.files import NodeFolder

HOST = "localhost"  # the only name in the certificate

LISTENER = """\
[
  {{rabbit, [{{ssl_listeners, [{{"127.0.0.1", {port}}}]}}, {{ssl_options, [{files}]}}]}},
  {{rabbitmq_management, [{{ssl_config, [{{ip, "127.0.0.1"}}, {{port, {management}}}, {files}]}}]}}
].
"""


@dataclass(frozen=True, slots=True)
class TlsListener:
    authority: trustme.CA
    ca_file: Path
    port: int
    management: int  # port of the management API, by TLS too

    def url(self, broker_url: str, host: str = HOST) -> str:
        """The same account and virtual host, by TLS."""
        parts = urlsplit(broker_url)
        return f"amqps://{parts.username}:{parts.password}@{host}:{self.port}{parts.path}"

    def management_url(self, broker_url: str) -> str:
        parts = urlsplit(broker_url)
        return f"https://{parts.username}:{parts.password}@{HOST}:{self.management}"

    def expired(self) -> ssl.SSLContext:
        """What a server has whose certificate nobody has renewed."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        yesterday = datetime.now(UTC) - timedelta(days=1)
        self.authority.issue_cert(HOST, not_before=yesterday - timedelta(days=90), not_after=yesterday).configure_cert(
            context
        )
        return context


def add_listener(folder: NodeFolder) -> TlsListener:
    """Before the node starts: RabbitMQ reads it beside the configuration that the product writes."""
    folder.make()
    authority = trustme.CA()
    free = ports.free_ports()
    files = {name: folder.root / f"tls-{name}.pem" for name in ("cacert", "cert", "key")}  # as Erlang's options
    certificate = authority.issue_cert(HOST)
    authority.cert_pem.write_to_path(str(files["cacert"]))
    certificate.cert_chain_pems[0].write_to_path(str(files["cert"]))
    certificate.private_key_pem.write_to_path(str(files["key"]))
    named = ", ".join(f'{{{option}file, "{path.as_posix()}"}}' for option, path in files.items())
    listener = LISTENER.format(port=free.amqp, management=free.management, files=named)
    (folder.root / "advanced.config").write_text(listener, "utf-8")
    return TlsListener(authority, files["cacert"], free.amqp, free.management)
