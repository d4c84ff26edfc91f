"""Products of older books whose names are not as names are read now: decomposed, or with blanks around them.

They keep their names; whatever names them by the normal one means them, unless there is a product of just that name.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from messaging.texts import normal_name
from messaging.warehouse.store.database.schema import products


def names_in_books(connection: Connection, missing: Collection[str]) -> dict[str, str]:
    """By each of these names, which are no products as they stand, the product that is meant; none where there is none.

    Looks through the whole catalogue.
    """
    if not missing:
        return {}
    known = connection.execute(select(products.c.name)).scalars()
    return twins(missing, known)


def twins(missing: Collection[str], known: Iterable[str]) -> dict[str, str]:
    odd = {normal: name for name in known if (normal := normal_name(name)) != name}
    return {name: odd[normal] for name in missing if (normal := normal_name(name)) in odd}


def resolved(connection: Connection, names: Collection[str]) -> list[str]:
    """As the books have them; those that are unknown stay as they are."""
    found = set(connection.execute(select(products.c.name).where(products.c.name.in_(names))).scalars())
    meant = names_in_books(connection, [name for name in names if name not in found])
    return [meant.get(name, name) for name in names]
