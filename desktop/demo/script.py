"""The script of the demo: who orders what, and the outcome it must have."""

from dataclasses import dataclass

from messaging.domain.orders import OnShortage, OrderStatus


@dataclass(frozen=True, slots=True)
class ScriptStep:
    """One order. `client` counts the client windows from 0; `note` says why the outcome is as it is.

    `typed` lines are typed into the search field; others are put into the basket as a repeated order would,
    which is how a product comes in that the catalogue does not have any more.
    """

    client: int
    lines: tuple[tuple[str, int], ...]
    outcome: OrderStatus
    note: str
    on_shortage: OnShortage = OnShortage.REJECT
    typed: bool = True


SCRIPT = (
    ScriptStep(0, (("laptop", 1), ("wireless_mouse", 1)), OrderStatus.PROCESSED, "all there"),
    ScriptStep(1, (("webcam", 2),), OrderStatus.PROCESSED, "all there"),
    ScriptStep(1, (("office_chair", 60),), OrderStatus.REJECTED, "more than there is"),
    ScriptStep(
        0, (("smartphone", 1), ("usb_c_charger", 2), ("bluetooth_headphones", 1)), OrderStatus.PROCESSED, "all there"
    ),
    ScriptStep(0, (("fax_machine", 1),), OrderStatus.REJECTED, "not in the catalogue", typed=False),
    ScriptStep(1, (("monitor_27_inch", 30),), OrderStatus.BACKORDERED, "send what there is", OnShortage.PARTIAL),
    ScriptStep(0, (("mechanical_keyboard", 1), ("external_hard_drive", 1)), OrderStatus.PROCESSED, "all there"),
    ScriptStep(1, (("wireless_mouse", 3), ("laptop", 1)), OrderStatus.PROCESSED, "all there"),
)
