"""How an order's id is shown where there is little room."""

SHORT = 8  # characters of a UUID that tell it from its neighbours


def short_id(order_id: str | int) -> str:
    """The end of a UUID: those made in one hour begin alike. A number, or a short text, as it is.

    Of the identity of a numbered order (`user/number/created_at`) its number.
    """
    text = str(order_id)
    _user, is_numbered, rest = text.partition("/")
    if is_numbered:
        return rest.partition("/")[0]
    return text if len(text) <= SHORT else f"\N{HORIZONTAL ELLIPSIS}{text[-SHORT:]}"
