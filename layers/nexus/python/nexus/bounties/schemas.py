"""What goes in and out about bounties."""

from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from nexus.accounts.schemas import Creator
from nexus.money import LARGEST_PRICE_CENTS, Dollars, PriceCents
from nexus.schema import (
    Answer,
    Id,
    Line,
    Moment,
    Paragraphs,
    Reason,
    Schema,
    Time,
)
from nexus.table.bounties import ApplicationItem, BountyItem

type BountyStatus = Literal["Open", "In Progress", "Completed", "Closed"]

SMALLEST_BUDGET_CENTS = 100


def _worth_the_work(cents: int) -> int:
    if cents < SMALLEST_BUDGET_CENTS:
        raise ValueError(f"must be at least {SMALLEST_BUDGET_CENTS // 100} dollar")
    return cents


type Budget = Annotated[
    PriceCents,
    AfterValidator(_worth_the_work),
    WithJsonSchema(
        {
            "type": "number",
            "minimum": SMALLEST_BUDGET_CENTS // 100,
            "maximum": LARGEST_PRICE_CENTS // 100,
            "multipleOf": 0.01,
            "description": "US dollars with at most two decimal places",
        }
    ),
]
type Deadline = Annotated[
    Moment, Field(description="ISO 8601 with its time zone; in the future, at most two years ahead")
]


class NewBounty(Schema):
    """The budget is what the creator means to pay. No money moves through the platform for it."""

    title: Line
    description: Paragraphs
    budget: Budget
    deadline: Deadline | None = None


class BountyChanges(Schema):
    """What may be changed of an open bounty; what is not named stays as it is."""

    title: Line | None = None
    description: Paragraphs | None = None
    budget: Budget | None = None
    deadline: Deadline | None = None

    @model_validator(mode="after")
    def something_changes(self) -> "BountyChanges":
        """Only the deadline may be taken away."""
        if not self.model_fields_set:
            raise ValueError("must change something")
        emptied = {name for name in self.model_fields_set if getattr(self, name) is None}
        if kept := emptied - {"deadline"}:
            raise ValueError(f"{min(kept)} must not be null")
        return self


class NewApplication(Schema):
    message: Reason | None = None


class Winner(Schema):
    user_id: Annotated[Id, Field(strict=True)]


class Bounty(Answer):
    """`version` is also its ETag, for `If-Match`. `deadline` is when an open one is closed."""

    id: int
    title: str
    description: str
    budget: Dollars
    status: BountyStatus
    applicants: int
    creator_id: int
    winner_id: int | None
    created_at: Time
    deadline: Time | None
    creator: Creator
    version: int

    @classmethod
    def of(cls, bounty: BountyItem, creator: Creator, applicants: int) -> "Bounty":
        return cls(
            id=bounty.id,
            title=bounty.title,
            description=bounty.description,
            budget=bounty.budget_cents,
            status=cast("BountyStatus", bounty.status),
            applicants=applicants,
            creator_id=bounty.creator_id,
            winner_id=bounty.winner_id,
            created_at=bounty.created_at,
            deadline=bounty.deadline,
            creator=creator,
            version=bounty.version,
        )


class Application(Answer):
    id: int
    bounty_id: int
    user_id: int
    user: Creator
    message: str | None
    created_at: Time

    @classmethod
    def of(cls, application: ApplicationItem, user: Creator) -> "Application":
        return cls(
            id=application.id,
            bounty_id=application.bounty_id,
            user_id=application.user_id,
            user=user,
            message=application.message,
            created_at=application.created_at,
        )
