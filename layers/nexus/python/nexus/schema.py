"""What all payloads share: their base class and the kinds of text and numbers in them."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from nexus.ids import LARGEST


class Schema(BaseModel):
    """A payload that comes in: fields it does not name are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def absent() -> Any:
    """What a field of a `Change` is until it is given: unlike `null`, which is a value."""
    return Field(default_factory=lambda: None)


class Change(Schema):
    """A partial update: only what is given changes."""

    @model_validator(mode="after")
    def changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must change something")
        return self

    def given(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.model_fields_set}


class Answer(BaseModel):
    """A payload that goes out."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Message(Answer):
    message: str


def _one_line(text: str) -> str:
    """NFC text without control or formatting tricks that would break a header or a line."""
    if any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in text):
        raise ValueError("must not contain control characters or line breaks")
    return unicodedata.normalize("NFC", text)


def _many_lines(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\n\t"):
        raise ValueError("must not contain control characters other than line breaks and tabs")
    return unicodedata.normalize("NFC", text)


MOST_BYTES = 100_000
"""Of a `whole_text`. Mail programs show no more: Gmail cuts at 102 KB."""


def whole_text(text: str) -> str:
    """Kept letter for letter: only what is no text at all, or too long, is refused."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\r\n\t"):
        raise ValueError("must not contain control characters other than line breaks and tabs")
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"must not be longer than {MOST_BYTES} bytes")
    return text


def _text_of_a_moment(value: object) -> object:
    """pydantic would take numbers for seconds since 1970."""
    if not isinstance(value, datetime) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]", str(value)):
        raise ValueError("must be a date and time such as 2026-01-31T12:00:00Z")
    return value


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("must say its time zone, as in 2026-01-31T12:00:00Z")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is too far away") from None


def formed(pattern: str, told: str) -> Callable[[str], str]:
    """Refuses text of another form in words; a regular expression tells people nothing."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(told)
        return text

    return check


def _stripped(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


def _still(most: int) -> Any:
    """The same limit for the text as it is kept: NFC makes three signs of some."""
    return Field(max_length=most)


type Word = Annotated[str, _stripped(50), AfterValidator(_one_line), _still(50)]
type Line = Annotated[str, _stripped(120), AfterValidator(_one_line), _still(120)]
type Paragraphs = Annotated[str, _stripped(10_000), AfterValidator(_many_lines), _still(10_000)]
type Reason = Annotated[str, _stripped(2_000), AfterValidator(_many_lines), _still(2_000)]

type Id = Annotated[int, Field(ge=1, le=LARGEST)]
type Time = Annotated[datetime, Field(description="ISO 8601, in UTC")]
type Moment = Annotated[
    datetime,
    BeforeValidator(_text_of_a_moment),
    AfterValidator(_in_utc),
    Field(description="ISO 8601 with its time zone"),
]
