"""Free loopback ports, the same ones as last time where they are free."""

import random
import socket
import sys

from messaging.broker.node.files import Ports

# Below the ports that systems give to outgoing connections (Linux from 32768, others from 49152):
# one of those could take the port between two runs.
LOWEST, HIGHEST = 20_000, 29_999


def free_ports() -> Ports:
    return Ports(*_find(4))


def are_free(ports: Ports) -> bool:
    return all(map(is_free, (ports.amqp, ports.management, ports.distribution, ports.epmd)))


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # there it would allow taking a port that is in use
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _find(count: int) -> list[int]:
    found: list[int] = []
    for port in random.sample(range(LOWEST, HIGHEST + 1), 2000):
        if is_free(port):
            found.append(port)
        if len(found) == count:
            break
    return found
