"""The part of RabbitMQ's management API that the doctor uses."""

import re
import ssl
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit

from messaging.contract.topology import Binding, Limits, Policy
from messaging.errors import BrokerRefused, BrokerUnavailable
from messaging.phrases import Words, phrase

if TYPE_CHECKING:
    import httpx

ROOT_VHOST = "/"


class ManagementApi:
    """`url` with user and password. Raises BrokerUnavailable where nobody answers, BrokerRefused where it says no."""

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        import httpx  # noqa: PLC0415  # 66 ms, and most windows never need it

        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        self._user = parts.username or "USER"
        self._where = f"{host}:{parts.port}"
        self._http = httpx.Client(
            base_url=f"{parts.scheme}://{self._where}/api/",
            auth=(parts.username or "", parts.password or ""),
            timeout=timeout,
            verify=ssl.create_default_context() if parts.scheme == "https" else False,  # as pika does: SSL_CERT_FILE
            trust_env=False,  # a proxy in the environment is not for our own machine
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def version(self) -> tuple[int, ...]:
        """RabbitMQ's, such as (4, 0, 5)."""
        return tuple(int(number) for number in re.findall(r"\d+", self._dict("overview")["rabbitmq_version"])[:3])

    def default_queue_type(self, vhost: str) -> str:
        """What a durable queue becomes that is declared without arguments."""
        kind = self._dict("vhosts", vhost).get("default_queue_type")
        return "classic" if kind in (None, "undefined") else str(kind)  # undefined: as older releases say it

    def users(self) -> list[str]:
        return [user["name"] for user in self._get("users")]

    def user_rows(self) -> list[dict[str, Any]]:
        """With their tags: one text in old releases, a list in others."""
        return self._list("users")

    def user_limits(self) -> dict[str, dict[str, int]]:
        """Of those who have any; a limit below zero is none."""
        return {row["user"]: dict(row["value"]) for row in self._list("user-limits")}

    def limit_user(self, user: str, limits: Limits) -> None:
        """In all virtual hosts together; what is open stays open."""
        for key, value in limits.definition.items():
            self._put({"value": value}, "user-limits", user, key)

    def vhost_limits(self, vhost: str) -> dict[str, int]:
        return {key: value for row in self._list("vhost-limits", vhost) for key, value in row["value"].items()}

    def limit_queues(self, vhost: str, most: int) -> None:
        self._put({"value": most}, "vhost-limits", vhost, "max-queues")

    def permissions(self) -> list[dict[str, Any]]:
        """Of all users in all virtual hosts."""
        return self._list("permissions")

    def policies(self, vhost: str) -> list[dict[str, Any]]:
        return self._list("policies", vhost)

    def set_policy(self, vhost: str, policy: Policy) -> None:
        self._put(content(policy), "policies", vhost, policy.name)

    def has_binding(self, vhost: str, binding: Binding) -> bool:
        found = self._list("bindings", vhost, "e", binding.exchange.name, "q", binding.queue.name)
        return any(row["routing_key"] == binding.key for row in found)

    def operator_policies(self, vhost: str) -> list[dict[str, Any]]:
        return self._list("operator-policies", vhost)

    def bindings(self, vhost: str) -> list[dict[str, Any]]:
        """Those of the default exchange, whose name is empty, are among them."""
        return self._list("bindings", vhost)

    def delete_binding(self, row: dict[str, Any]) -> None:
        """A row of `bindings`."""
        self._delete(*_path(row))

    def command_to_unbind(self, row: dict[str, Any]) -> str:
        """To be typed; curl asks for the password."""
        return f"curl -X DELETE -u {self._user} '{self._http.base_url}{_quoted(_path(row))}'"

    def exchange(self, vhost: str, name: str) -> dict[str, Any]:
        return self._dict("exchanges", vhost, name)

    def queue(self, vhost: str, name: str) -> dict[str, Any]:
        return self._dict("queues", vhost, name)

    def queues(self, vhost: str) -> list[dict[str, Any]]:
        return self._list("queues", vhost)

    def connections(self) -> list[dict[str, Any]]:
        """RabbitMQ lists a new connection only after some seconds."""
        return self._list("connections")

    def _get(self, *path: str) -> Any:
        return self._call("GET", path).json()

    def _list(self, *path: str) -> list[dict[str, Any]]:
        return list(self._get(*path))

    def _dict(self, *path: str) -> dict[str, Any]:
        return dict(self._get(*path))

    def _put(self, content: dict[str, object], *path: str) -> None:
        self._call("PUT", path, json=content)

    def _delete(self, *path: str) -> None:
        self._call("DELETE", path)

    def _call(self, method: str, path: tuple[str, ...], **more: Any) -> "httpx.Response":
        import httpx  # noqa: PLC0415

        try:
            answer = self._http.request(method, _quoted(path), **more)
        except httpx.HTTPError as error:
            raise BrokerUnavailable(
                phrase("management_api.rabbitmqs_management_at_does_not_answer", where=self._where, error=error)
            ) from error
        if answer.is_success:
            return answer
        raise BrokerRefused(
            phrase(
                "management_api.rabbitmqs_management_at_refused",
                where=self._where,
                method=method,
                path="/".join(path),
                answer=_why(answer),
            )
        )


def _quoted(path: Iterable[str]) -> str:
    return "/".join(quote(part, safe="") for part in path)


def _path(binding: dict[str, Any]) -> tuple[str, ...]:
    kind = binding["destination_type"][0]  # e or q
    ends = ("e", binding["source"], kind, binding["destination"])
    return ("bindings", binding["vhost"], *ends, binding["properties_key"])


def content(policy: Policy) -> dict[str, object]:
    return {
        "pattern": policy.pattern,
        "apply-to": policy.apply_to,
        "definition": policy.definition,
        "priority": policy.priority,
    }


def _why(answer: "httpx.Response") -> Words:
    if answer.status_code == 401:
        return phrase("management_api.the_login_is_wrong_or_the")
    return Words(f"{answer.status_code} {answer.text[:200]}")
