"""What must be true of the stored facts after every test: what production is asked too."""

from nexus.table.items import Item
from nexus.verification.facts import look_at


def check(items: list[Item]) -> None:
    found = look_at(sorted(items, key=lambda item: item.key)).found
    assert not found, "\n".join(found)
