"""What only the owner of a database can do to the record: everything. The tree is what shows it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete

from psg.audit import guards
from psg.audit.models import Detail, Generation, Head, Leaf, Mention


@contextmanager
def as_owner(connection: Connection) -> Iterator[None]:
    """No guard in the way; all of them in place again afterwards, as somebody careful would leave them."""
    with guards.lifted(connection):
        guards.uninstall(connection)
        yield
        guards.install(connection)


def empty_record(connection: Connection) -> None:
    with as_owner(connection):
        for table in (Mention, Detail, Leaf, Head, Generation):
            connection.execute(delete(table))
