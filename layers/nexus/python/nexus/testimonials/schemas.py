"""What goes in and out about testimonials."""

from typing import Annotated

from pydantic import Field

from nexus.schema import Answer, Change, Line, Reason, Schema, Time, absent
from nexus.table.testimonials import TestimonialItem

type Rating = Annotated[int, Field(strict=True, ge=1, le=5)]
type Flag = Annotated[bool, Field(strict=True)]


class NewTestimonial(Schema):
    author: Line
    company: Line | None = None
    text: Reason
    rating: Rating = 5
    verified: Flag = False
    featured: Flag = False


class TestimonialChanges(Change):
    author: Line = absent()
    company: Line | None = absent()
    text: Reason = absent()
    rating: Rating = absent()
    verified: Flag = absent()
    featured: Flag = absent()


class Testimonial(Answer):
    id: int
    author: str
    company: str | None
    text: str
    rating: int
    verified: bool
    featured: bool
    created_at: Time

    @classmethod
    def of(cls, testimonial: TestimonialItem) -> "Testimonial":
        return cls(
            id=testimonial.id,
            author=testimonial.author,
            company=testimonial.company,
            text=testimonial.text,
            rating=testimonial.rating,
            verified=testimonial.verified,
            featured=testimonial.featured,
            created_at=testimonial.created_at,
        )
