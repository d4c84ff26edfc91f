"""Which books a history accepts notices and stock of: the first at a broker, then those that replace them."""

from collections.abc import Callable
from functools import partial

from messaging.broker.event_loop import BrokerLoop
from messaging.contract.codec import all_at
from messaging.errors import BooksRefused, OrderDeskError
from messaging.history.history import History
from messaging.phrases import phrase

AGAIN = 1.0  # seconds, while the history cannot be read


class FollowedBooks:
    """In the loop's thread. Messages of programs that know of no books are taken from anybody."""

    def __init__(
        self,
        loop: BrokerLoop,
        history: History,
        failed: Callable[[OrderDeskError], None],
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """`moved`: the place of the books was taken by others; what is shown of them is not true any more."""
        self._loop, self._history, self._failed, self._moved = loop, history, failed, moved
        self._broker = ""
        self._books: str | None = None  # empty: none yet; None: not known here
        self._is_unconfirmed = False  # no answer has said yet that they are those
        self._waiting: list[Callable[[], None]] = []
        self._ignored: set[str] = set()
        self._left: set[str] = set()  # whose place those followed have taken: nothing leads back to them

    @property
    def books(self) -> str:
        """Their id; empty where none were heard of yet."""
        return self._books or ""

    def connected(self, broker: str) -> None:
        if broker != self._broker or self._books is None:
            self._broker, self._books, self._is_unconfirmed, self._left = broker, None, False, set()
            self._load()

    def reload(self) -> None:
        """Another that shares the history may have followed others since."""
        self._books = None
        self._load()

    def when_known(self, work: Callable[[], None]) -> None:
        """At once, or when the history has said which they are."""
        if self._books is None:
            self._waiting.append(work)
        else:
            work()

    def takes(self, books: str, replaces: str = "") -> bool:
        """Whether news of these books is for this history; that it is not is said once."""
        is_unconfirmed, self._is_unconfirmed = self._is_unconfirmed, self._is_unconfirmed and not books
        if self.follows(books):
            self._left.update(replaces.split() if books else ())
            return True
        if self._books and not is_unconfirmed and not self._leads_on(books, replaces.split()):
            self._ignore(books)
            return False
        before = "" if is_unconfirmed else self._books
        self._left.update(replaces.split())
        self._follow(books)
        if before:
            self._left.add(before)
            self._report_moved(books)
            self._moved()
        return True

    def _leads_on(self, books: str, replaced: list[str]) -> bool:
        """From those followed to these; or from whatever was followed here, but not back."""
        return self._books in replaced or (all_at(self._broker) in replaced and books not in self._left)

    def takes_live(self, books: str) -> bool:
        """Whoever may publish can write any name: the first one is followed until an answer says whose books they are.
        What is of others is not taken, without a word: they may have taken the place of those followed."""
        if books and not self._books:
            self._is_unconfirmed = True
            self._follow(books)
        return self.follows(books)

    def has_ignored(self, books: str) -> bool:
        return books in self._ignored

    def follows(self, books: str) -> bool:
        return books in ("", self._books)

    def _follow(self, books: str) -> None:
        self._books, broker = books, self._broker
        self._loop.when_done(self._history.ask(lambda store: store.books.follow(broker, books)), _done, self._failed)

    def _load(self) -> None:
        broker = self._broker
        found = self._history.ask(lambda store: store.books.followed(broker))
        self._loop.when_done(found, partial(self._loaded, broker), self._load_again)

    def _loaded(self, broker: str, books: str) -> None:
        if broker == self._broker:
            self._books = books
            waiting, self._waiting = self._waiting, []
            for work in waiting:
                work()

    def _load_again(self, error: OrderDeskError) -> None:
        self._failed(error)
        self._loop.later(AGAIN, self._load)

    def _ignore(self, books: str) -> None:
        if books not in self._ignored:
            self._ignored.add(books)
            first, mine = books[:8], self.books[:8]
            self._failed(
                BooksRefused(
                    phrase("followed_books.another_warehouse_with_other_books_answers", first=first, mine=mine)
                )
            )

    def _report_moved(self, books: str) -> None:
        first = books[:8]
        self._failed(BooksRefused(phrase("followed_books.a_warehouse_with_other_books_has", first=first)))


def _done(_none: None) -> None:
    """It is on disk."""
