"""What the tests do as an administrator of RabbitMQ, and the product never does."""

from collections.abc import Iterable

from messaging.broker.diagnostics.management_api import ManagementApi, content
from messaging.contract.topology import Policy


class Admin(ManagementApi):
    def add_vhost(self, vhost: str, default_queue_type: str = "") -> None:
        self._put({"default_queue_type": default_queue_type} if default_queue_type else {}, "vhosts", vhost)

    def delete_vhost(self, vhost: str) -> None:
        self._delete("vhosts", vhost)

    def add_user(self, name: str, password: str, tags: Iterable[str] = ()) -> None:
        self._put({"password": password, "tags": ",".join(tags)}, "users", name)

    def delete_user(self, name: str) -> None:
        """Its connections are closed at once."""
        self._delete("users", name)

    def permit(self, vhost: str, user: str, configure: str, write: str, read: str) -> None:
        """Regular expressions of the names."""
        self._put({"configure": configure, "write": write, "read": read}, "permissions", vhost, user)

    def permit_topics(self, vhost: str, user: str, exchange: str, write: str, read: str) -> None:
        """Set it before `permit`: without this row every routing key is allowed."""
        self._put({"exchange": exchange, "write": write, "read": read}, "topic-permissions", vhost, user)

    def set_operator_policy(self, vhost: str, policy: Policy) -> None:
        self._put(content(policy), "operator-policies", vhost, policy.name)

    def delete_queue(self, vhost: str, name: str) -> None:
        self._delete("queues", vhost, name)

    def close_connection(self, name: str, reason: str = "closed by the operator") -> None:
        self._call("DELETE", ("connections", name), headers={"X-Reason": reason})
