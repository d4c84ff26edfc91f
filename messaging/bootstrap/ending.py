"""How every program of Order Desk ends: 0 done, 1 failed, 2 wrong arguments, 130 interrupted.

A known error is one line; a traceback is for bugs.
"""

from collections.abc import Callable

from messaging.bootstrap import streams
from messaging.bootstrap.prompts import say
from messaging.errors import OrderDeskError, UsageError


def exit_code(work: Callable[[], int]) -> int:
    streams.make_safe()
    try:
        return work()
    except KeyboardInterrupt:
        return 130
    except OrderDeskError as error:
        say(str(error))
        return 2 if isinstance(error, UsageError) else 1
