"""The text of a row that a search scans, in its column `words`."""

from collections.abc import Iterable

from messaging.domain.notices import Notice
from messaging.domain.orders import Order
from messaging.history.store.search import search_terms


def order_words(order: Order, label: str) -> str:
    """Products stand last, also without their accents, see `order_search.PRODUCTS`."""
    names = [line.name for line in order.lines]
    return _folded(
        [label, str(order.order_id), *names, *(search_terms.folded(name) for name in names if not name.isascii())]
    )


def notice_words(notice: Notice) -> str:
    """A line each; those of user and products say so by their mark. Products stand last, see `notice_search.py`."""
    user = f"{search_terms.IN_USER}{notice.user_id}"
    names = (f"{search_terms.IN_PRODUCT}{line.name}" for line in notice.lines)
    return _folded([str(notice.order_id), user, notice.status, " ".join((notice.reason or "").split()), *names])


def _folded(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part).casefold()
