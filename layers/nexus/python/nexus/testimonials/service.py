"""Testimonials: what customers say, as the admins keep it."""

from datetime import datetime

from nexus.errors import NotFound, PreconditionFailed, check_version
from nexus.ids import new_id
from nexus.table.items import ConditionFailed, Put, Start
from nexus.table.outbox import record_deed
from nexus.table.testimonials import (
    TestimonialItem,
    change_testimonial,
    create_testimonial,
    delete_testimonial,
    find_testimonial,
    newest_testimonials,
    shown_testimonials,
)
from nexus.table.users import UserItem
from nexus.testimonials.schemas import NewTestimonial, Testimonial, TestimonialChanges

NOT_FOUND = "Testimonial not found"


def shown(start: Start, limit: int, featured: bool | None) -> tuple[list[Testimonial], Start]:  # noqa: FBT001
    """A page of them, the featured ones first, then newest first; or of only one of the two."""
    items, following = shown_testimonials(start, limit, featured=featured)
    return [Testimonial.of(item) for item in items], following


def newest(start: Start, limit: int) -> tuple[list[Testimonial], Start]:
    """A page of them as they are now, newest first."""
    items, following = newest_testimonials(start, limit)
    return [Testimonial.of(item) for item in items], following


def show(testimonial_id: int) -> tuple[Testimonial, int]:
    """A testimonial and its version. Raises `NotFound`."""
    testimonial = _get(testimonial_id)
    return Testimonial.of(testimonial), testimonial.version


def _get(testimonial_id: int) -> TestimonialItem:
    testimonial = find_testimonial(testimonial_id)
    if testimonial is None:
        raise NotFound(NOT_FOUND)
    return testimonial


def add(
    wanted: NewTestimonial, *, testimonial_id: int, admin: UserItem, now: datetime
) -> tuple[Testimonial, int]:
    """The same `testimonial_id` again (a retry) is no error."""
    testimonial = TestimonialItem.of(testimonial_id, now, **wanted.model_dump())
    try:
        create_testimonial(testimonial, _deed("create", testimonial_id, wanted.author, admin, now))
    except ConditionFailed:
        testimonial = _get(testimonial_id)
    return Testimonial.of(testimonial), testimonial.version


def edit(
    testimonial_id: int,
    changes: TestimonialChanges,
    *,
    version: int | None,
    admin: UserItem,
    now: datetime,
) -> tuple[Testimonial, int]:
    """Raises `NotFound` and `PreconditionFailed`."""
    testimonial = _get(testimonial_id)
    check_version(version, testimonial.version)
    values = changes.given()
    deed = _deed("update", testimonial_id, ", ".join(sorted(values)), admin, now)
    try:
        change_testimonial(testimonial, values, deed)
    except ConditionFailed:
        raise PreconditionFailed from None
    return show(testimonial_id)


def delete(testimonial_id: int, *, admin: UserItem, now: datetime) -> None:
    """Raises `NotFound`."""
    testimonial = _get(testimonial_id)
    try:
        delete_testimonial(
            testimonial, _deed("delete", testimonial_id, testimonial.author, admin, now)
        )
    except ConditionFailed:
        raise NotFound(NOT_FOUND) from None


def _deed(what: str, testimonial_id: int, detail: str, admin: UserItem, now: datetime) -> Put:
    subject = f"testimonial {testimonial_id}"
    return record_deed(new_id(now), admin.id, f"testimonial.{what}", subject, detail, now)
