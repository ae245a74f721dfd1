"""What goes in and out about likes and reviews."""

from typing import Annotated

from pydantic import Field

from nexus.accounts.schemas import Creator
from nexus.schema import Answer, Line, Paragraphs, Schema, Time
from nexus.table.opinions import ReviewItem


class Likes(Answer):
    likes: int


class NewReview(Schema):
    rating: Annotated[int, Field(strict=True, ge=1, le=5)]
    title: Line | None = None
    text: Paragraphs | None = None


class Review(Answer):
    """What a buyer says of a model; every reviewer has bought it."""

    id: int
    model_id: int
    user: Creator
    rating: int
    title: str | None
    text: str | None
    created_at: Time

    @classmethod
    def of(cls, review: ReviewItem, user: Creator) -> "Review":
        return cls(
            id=review.id,
            model_id=review.model_id,
            user=user,
            rating=review.rating,
            title=review.title,
            text=review.text,
            created_at=review.created_at,
        )
