"""What goes in and out about accounts."""

from typing import Annotated, Literal, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    EmailStr,
    Field,
    model_validator,
)

from nexus.accounts.names import LONGEST_USERNAME, as_registered
from nexus.accounts.passwords import LONGEST, SHORTEST
from nexus.money import Dollars
from nexus.schema import Answer, Line, Reason, Schema, Time, formed
from nexus.table.counters import CountersItem
from nexus.table.users import UserItem

type CreatorLevel = Literal["Bronze", "Silver", "Gold", "Platinum"]

LEVELS: tuple[tuple[int, CreatorLevel], ...] = (
    (5_000_000, "Platinum"),
    (1_000_000, "Gold"),
    (100_000, "Silver"),
    (0, "Bronze"),
)
"""From which total revenue (in cents) a creator has which level."""


def level(earned_cents: int) -> CreatorLevel:
    return next(name for least, name in LEVELS if earned_cents >= least)


def _encodable(text: str) -> str:
    text.encode()  # a lone surrogate is no text; UnicodeEncodeError is a ValueError
    return text


def _without_a_name(text: object) -> object:
    """pydantic would take the address out of “Ada <ada@example.com>”."""
    if isinstance(text, str) and "<" in text:
        raise ValueError("must be an email address alone")
    return text


USERNAME = rf"^[A-Za-z0-9](?:[A-Za-z0-9_.-]{{1,{LONGEST_USERNAME - 2}}})[A-Za-z0-9]$"
USERNAME_TOLD = (
    f"must have 3 to {LONGEST_USERNAME} of the letters A to Z, digits, dots, dashes and "
    "underscores, and begin and end with a letter or a digit"
)

type Username = Annotated[
    str,
    Field(json_schema_extra={"pattern": USERNAME}),
    AfterValidator(formed(USERNAME, USERNAME_TOLD)),
]
type Password = Annotated[
    str,
    Field(min_length=SHORTEST, max_length=LONGEST, json_schema_extra={"format": "password"}),
    AfterValidator(_encodable),
]
type Email = Annotated[EmailStr, Field(max_length=254), BeforeValidator(_without_a_name)]
# What is looked for, not kept, as registration would have spelled it; in the document it is text.
TypedEmail = Annotated[
    str,
    Field(min_length=1, max_length=254),
    AfterValidator(_encodable),
    AfterValidator(as_registered),
]


class Registration(Schema):
    email: Email
    username: Username
    password: Password
    full_name: Line | None = None


class Credentials(Schema):
    email: TypedEmail
    password: Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_encodable)]


class RefreshToken(Schema):
    refresh_token: Annotated[str, Field(min_length=1, max_length=500)]


class EmailAddress(Schema):
    email: TypedEmail


class MailedToken(Schema):
    """The secret of a link that came by mail."""

    token: Annotated[str, Field(min_length=1, max_length=200)]


class NewPassword(MailedToken):
    password: Password


class ProfileChanges(Schema):
    """What is not named stays; only the full name may be emptied.

    Whoever `wants_news` gets campaigns by mail.
    """

    username: Username | None = None
    full_name: Line | None = None
    wants_news: Annotated[bool, Field(strict=True)] = True

    @model_validator(mode="after")
    def something_changes(self) -> "ProfileChanges":
        if not self.model_fields_set:
            raise ValueError("must change something")
        if "username" in self.model_fields_set and self.username is None:
            raise ValueError("username must not be null")
        return self


class Ban(Schema):
    reason: Reason | None = None


class User(Answer):
    """An account as its holder and the admins see it."""

    id: int
    email: str
    username: str
    full_name: str | None
    is_verified: bool
    is_admin: bool
    is_banned: bool
    is_email_verified: bool
    ban_reason: Annotated[
        str | None, Field(description="Only admins come to see one: who is banned is signed out")
    ]
    wants_news: bool
    mail_problem: Literal["bounced", "complained"] | None
    creator_level: CreatorLevel
    total_revenue: Dollars
    total_models: int
    created_at: Time

    @classmethod
    def of(cls, user: UserItem, sums: CountersItem) -> "User":
        return cls(
            id=user.id,
            email=user.email,
            username=user.username,
            full_name=user.full_name,
            is_verified=user.is_verified,
            is_admin=user.is_admin,
            is_banned=user.is_banned,
            is_email_verified=user.is_email_verified,
            ban_reason=user.ban_reason,
            wants_news=user.wants_news,
            mail_problem=cast("Literal['bounced', 'complained'] | None", user.unreachable),
            creator_level=level(sums.earned_cents),
            total_revenue=sums.earned_cents,
            total_models=sums.approved_models,
            created_at=user.created_at,
        )


class Creator(Answer):
    """What strangers see of whoever made a model."""

    id: int
    username: str
    is_verified: bool

    @classmethod
    def of(cls, user: UserItem) -> "Creator":
        return cls(id=user.id, username=user.username, is_verified=user.is_verified)


class PublicCreator(Creator):
    """A creator's public page."""

    full_name: str | None
    creator_level: CreatorLevel
    total_models: int
    created_at: Time

    @classmethod
    def showing(cls, user: UserItem, sums: CountersItem) -> "PublicCreator":
        return cls(
            id=user.id,
            username=user.username,
            is_verified=user.is_verified,
            full_name=user.full_name,
            creator_level=level(sums.earned_cents),
            total_models=sums.approved_models,
            created_at=user.created_at,
        )


class Tokens(Answer):
    """`expires_in` counts seconds and is about the access token."""

    access_token: str
    refresh_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  the name of a scheme
    expires_in: int
    user: User
