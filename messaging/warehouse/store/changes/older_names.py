"""Products of older books whose names are not in the normal form that names have now (see `texts.normal_name`).

They keep their names. The normal form of such a name means them, unless another product has exactly that name.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, select

from messaging.texts import normal_name
from messaging.warehouse.store.database.schema import products


def names_in_books(connection: Connection, missing: Collection[str]) -> dict[str, str]:
    """For each of these names, which no product has exactly, the product that is meant; a name without one is left out.

    Reads the whole catalogue.
    """
    if not missing:
        return {}
    known = connection.execute(select(products.c.name)).scalars()
    return by_normal_name(missing, known)


def by_normal_name(missing: Collection[str], known: Iterable[str]) -> dict[str, str]:
    odd = {normal: name for name in known if (normal := normal_name(name)) != name}
    return {name: odd[normal] for name in missing if (normal := normal_name(name)) in odd}


def resolved(connection: Connection, names: Collection[str]) -> list[str]:
    """The names as the books have them; unknown ones stay as they are."""
    found = set(connection.execute(select(products.c.name).where(products.c.name.in_(names))).scalars())
    meant = names_in_books(connection, [name for name in names if name not in found])
    return [meant.get(name, name) for name in names]
