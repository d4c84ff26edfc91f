"""Whose orders an asker may hear of, where RabbitMQ vouches for who asks."""

from messaging.contract.codec import AskCatalogue, AskEvents, AskOrder, Question


def permitted(question: Question, asker: object, own: str) -> Question | None:
    """The question as this asker may ask it; None where he may not.

    `asker`: the account that RabbitMQ names, if any; `own`: that of the warehouse, which may ask for everything. The
    catalogue is everybody's, orders are their user's.
    """
    if isinstance(question, AskCatalogue) or (own and asker == own):
        return question
    if not isinstance(asker, str) or not asker:
        return None
    if isinstance(question, AskEvents):
        return question if question.user_id is not None and str(question.user_id) == asker else None
    user, slash, _ = question.identity.partition("/")
    if not slash:  # an id alone may be that of several users' orders
        return AskOrder(f"{asker}/{question.identity}")
    return question if user == asker else None
