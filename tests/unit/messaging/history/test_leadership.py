"""Of those that share a history one listens at a time."""

from messaging.contract.codec import Events
from messaging.history.leadership import Leadership


class Role:
    def __init__(self) -> None:
        self.times_led = 0
        self.answers: list[Events] = []

    def lead(self) -> None:
        self.times_led += 1

    def answered(self, events: Events) -> None:
        self.answers.append(events)


def joined(count: int) -> tuple[Leadership, list[Role]]:
    leadership, roles = Leadership(), [Role() for _ in range(count)]
    for role in roles:
        leadership.join(role)
    return leadership, roles


def test_the_first_one_listens_and_the_others_stand_by() -> None:
    leadership, roles = joined(3)
    assert [leadership.leads(role) for role in roles] == [True, False, False]
    assert [role.times_led for role in roles] == [1, 0, 0]


def test_when_it_leaves_the_next_one_listens() -> None:
    leadership, (first, second, third) = joined(3)
    leadership.leave(first)
    assert (leadership.leads(second), second.times_led, third.times_led) == (True, 1, 0)


def test_when_one_leaves_that_stands_by_nothing_changes() -> None:
    leadership, (first, second, third) = joined(3)
    leadership.leave(second)
    assert (leadership.leads(first), first.times_led, third.times_led) == (True, 1, 0)
    leadership.leave(first)
    assert third.times_led == 1


def test_one_that_comes_back_is_the_last() -> None:
    leadership, (first, second) = joined(2)
    leadership.leave(first)
    leadership.join(first)
    assert leadership.leads(second)
    leadership.leave(second)
    assert (leadership.leads(first), first.times_led) == (True, 2)


def test_whoever_is_alone_leads_again_after_it_was_away() -> None:
    leadership, (only,) = joined(1)
    leadership.leave(only)
    leadership.leave(only)
    assert not leadership.leads(only)
    leadership.join(only)
    assert (leadership.leads(only), only.times_led) == (True, 2)


def test_an_answer_is_given_to_all_others() -> None:
    leadership, (first, second, third) = joined(3)
    events = Events((), 7, False)
    leadership.share(events, first)
    assert (first.answers, second.answers, third.answers) == ([], [events], [events])
