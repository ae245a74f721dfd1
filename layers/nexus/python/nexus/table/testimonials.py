"""What customers say."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    Delete,
    IntegerAttribute,
    Item,
    Start,
    Step,
    Update,
    commit,
    create,
    find,
    new_values,
)
from nexus.table.pages import page


class TestimonialItem(Item, discriminator="Testimonial"):
    id = IntegerAttribute()
    author = UnicodeAttribute()
    company = UnicodeAttribute(null=True)
    text = UnicodeAttribute()
    rating = IntegerAttribute()
    verified = BooleanAttribute()
    featured = BooleanAttribute()
    version = IntegerAttribute(default=1)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls, testimonial_id: int, created_at: datetime, *, featured: bool, **fields: Any
    ) -> "TestimonialItem":
        pk, sk = keys.testimonial(testimonial_id)
        gsi1_pk, gsi1_sk = keys.testimonial_shown(testimonial_id, created_at, featured=featured)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=gsi1_pk,
            gsi1_sk=gsi1_sk,
            id=testimonial_id,
            featured=featured,
            created_at=created_at,
            **fields,
        )


def create_testimonial(testimonial: TestimonialItem, *also: Step) -> None:
    """Raises `ConditionFailed` when its id is taken."""
    commit(create(testimonial), *also)


def find_testimonial(testimonial_id: int) -> TestimonialItem | None:
    return find(TestimonialItem, keys.testimonial(testimonial_id))


def newest_testimonials(start: Start, limit: int) -> tuple[list[TestimonialItem], Start]:
    """A page of them as they are now, newest first."""
    return page(TestimonialItem, keys.TESTIMONIALS, start, limit, consistent=True)


def shown_testimonials(
    start: Start, limit: int, *, featured: bool | None
) -> tuple[list[TestimonialItem], Start]:
    """A page of them, the featured ones first, then newest first; or of only one of the two."""
    rank = None if featured is None else keys.FEATURED if featured else keys.PLAIN
    among = TestimonialItem.gsi1_sk.startswith(rank) if rank else None
    return page(TestimonialItem, keys.TESTIMONIALS, start, limit, index="GSI1", among=among)


def change_testimonial(testimonial: TestimonialItem, changes: dict[str, Any], *also: Step) -> None:
    """Raises `ConditionFailed` when the testimonial has changed since it was read."""
    actions = [*new_values(TestimonialItem, changes), TestimonialItem.version.add(1)]
    if "featured" in changes:
        _, rank = keys.testimonial_shown(
            testimonial.id, testimonial.created_at, featured=changes["featured"]
        )
        actions.append(Item.gsi1_sk.set(rank))
    unchanged = TestimonialItem.version == testimonial.version
    commit(Update(TestimonialItem(*testimonial.key), actions, unchanged), *also)


def delete_testimonial(testimonial: TestimonialItem, *also: Step) -> None:
    """Raises `ConditionFailed` when the testimonial is gone."""
    commit(Delete(TestimonialItem(*testimonial.key), TestimonialItem.pk.exists()), *also)
