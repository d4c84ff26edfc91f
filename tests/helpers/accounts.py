"""RabbitMQ accounts with no more rights than a role needs: the table of messaging/README.md, as values."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from messaging.contract import topology
from tests.helpers.admin import Admin

NOBODY = "^$"


@contextmanager
def client_account(admin: Admin, url: str, user_id: str) -> Iterator[str]:
    """The URL under which this user may order and hear of it, in the virtual host of `url`."""
    with _account(
        admin,
        url,
        user_id,
        rights=(
            r"^amq\.gen-.*$",
            rf"^(amq\.gen-.*|{topology.NEW_ORDERS.name}|{topology.QUESTIONS.name})$",
            rf"^(amq\.gen-.*|{topology.NOTIFICATIONS.name}|{topology.INVENTORY.name})$",
        ),
        topics=(NOBODY, rf"^client\.{user_id}\.order\.(#|[A-Za-z0-9_-]{{1,64}})$"),
    ) as account:
        yield account


@contextmanager
def warehouse_account(admin: Admin, url: str, name: str) -> Iterator[str]:
    queues = "|".join(queue.name for queue in topology.DECLARED_QUEUES)
    exchanges = "|".join(e.name for e in (topology.NOTIFICATIONS, topology.INVENTORY, topology.NEW_ORDERS))
    with _account(
        admin,
        url,
        name,
        rights=(NOBODY, rf"^({exchanges}|amq\.default)$", rf"^({queues})$"),
        topics=(r"^client\.[A-Za-z0-9_-]{1,36}\.order\.[A-Za-z0-9_-]{1,64}$", NOBODY),
    ) as account:
        yield account


@contextmanager
def _account(admin: Admin, url: str, name: str, rights: tuple[str, str, str], topics: tuple[str, str]) -> Iterator[str]:
    """The topics first: without their row every key is allowed."""
    password, vhost = secrets.token_hex(8), urlsplit(url).path[1:]
    admin.add_user(name, password)
    try:
        admin.permit(vhost, name, NOBODY, NOBODY, NOBODY)
        admin.permit_topics(vhost, name, topology.NOTIFICATIONS.name, *topics)
        admin.permit(vhost, name, *rights)
        yield urlsplit(url)._replace(netloc=f"{name}:{password}@{urlsplit(url).netloc.rpartition('@')[2]}").geturl()
    finally:
        admin.delete_user(name)
