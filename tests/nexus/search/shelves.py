"""The models of the demo, for the index without a table; `benchmarks.search.crowd` makes others."""

from benchmarks.search.crowd import entry
from local.demo.catalogue import CATALOGUE
from nexus.search.schemas import Entry

CREATORS = ("tidepool", "MarbleWorks", "old_hand")


def demo() -> list[Entry]:
    """The demo catalogue, numbered as it is listed."""
    return [
        entry(
            model.name,
            number,
            description=model.description,
            category=model.category,
            subcategory=model.subcategory,
            tags=list(model.tags),
            price=model.price_cents / 100,
            creator=CREATORS[number % len(CREATORS)],
            creator_id=number % len(CREATORS) + 1,
        )
        for number, model in enumerate(CATALOGUE, 1)
    ]
