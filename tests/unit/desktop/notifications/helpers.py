"""What a test does on the notifications' page."""

from desktop.notifications.tab import NotificationsTab
from desktop.role.worker import answer
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order_id, now
from messaging.domain.stock import DecidedLine
from messaging.runtime.profiles import Profile


def notice(who: Profile, seq: int, status: OrderStatus = OrderStatus.PROCESSED, reason: str | None = None) -> Notice:
    lines = (DecidedLine("laptop" if seq % 2 else "webcam", seq, seq),)
    return Notice(
        new_order_id(), who.user_id, lines, now(), status, reason, event_id=new_order_id(), seq=seq, occurred_at=now()
    )


async def hear(tab: NotificationsTab, *notices: Notice, missed: bool = False) -> None:
    await answer(tab.session.history.apply(list(notices), missed=missed))
