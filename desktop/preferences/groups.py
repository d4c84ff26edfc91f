"""How the options are put together and called in the dialog; one that is new stands by its own name under "More"."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

_GROUPS = {
    "rabbitmq": ("broker", "rabbitmq_server", "heartbeat", "retry_most", "confirm_window"),
    "warehouse": ("database", "batch", "consumers", "senders", "keep_dropped"),
    "log": ("log_level",),
}
_SECONDS = frozenset({"heartbeat", "retry_most"})

translate = QCoreApplication.translate


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """Title and option names, in the order of the dialog."""
    left = list(names)
    titles = {
        "rabbitmq": "RabbitMQ",
        "warehouse": translate("Settings", "Warehouse"),
        "log": translate("Settings", "Log"),
    }
    found = {titles[key]: [name for name in members if name in left] for key, members in _GROUPS.items()}
    known = {name for members in found.values() for name in members}
    found[translate("Settings", "More")] = [name for name in left if name not in known]
    return {title: members for title, members in found.items() if members}


def title_of(name: str) -> str:
    return {
        "broker": translate("Settings", "Address"),
        "data_dir": translate("Settings", "Data directory"),
        "rabbitmq_server": translate("Settings", "Server program"),
        "heartbeat": translate("Settings", "Heartbeat"),
        "retry_most": translate("Settings", "Longest pause before a retry"),
        "confirm_window": translate("Settings", "Unconfirmed at most"),
        "database": translate("Settings", "Database"),
        "batch": translate("Settings", "Orders in a batch"),
        "consumers": translate("Settings", "Consumers"),
        "senders": translate("Settings", "Whose orders are taken"),
        "keep_dropped": translate("Settings", "Days until dropped messages are freed"),
        "log_level": translate("Settings", "Level"),
    }.get(name, name.replace("_", " ").capitalize())


def unit_of(name: str) -> str:
    """Behind the number in its field."""
    return translate("Settings", " s") if name in _SECONDS else ""
