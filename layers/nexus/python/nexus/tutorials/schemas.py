"""What goes in and out about tutorials."""

import unicodedata
from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field

from nexus.schema import Answer, Change, Line, Schema, Time, absent
from nexus.table.counters import CountersItem
from nexus.table.tutorials import TutorialItem

MOST_BYTES = 100_000

type Level = Literal["Beginner", "Intermediate", "Advanced"]
type Flag = Annotated[bool, Field(strict=True)]


def _markdown(text: str) -> str:
    """Kept letter for letter: only what is no text at all is refused."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in "\r\n\t"):
        raise ValueError("must not contain control characters other than line breaks and tabs")
    if not text.strip():
        raise ValueError("must not be empty")
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"must not be longer than {MOST_BYTES} bytes")
    return text


type Markdown = Annotated[
    str,
    Field(max_length=MOST_BYTES, description="Markdown (CommonMark with tables), at most 100 KB"),
    AfterValidator(_markdown),
]


class NewTutorial(Schema):
    title: Line
    content: Markdown
    category: Level
    published: Flag = False


class TutorialChanges(Change):
    title: Line = absent()
    content: Markdown = absent()
    category: Level = absent()
    published: Flag = absent()


class Tutorial(Answer):
    """`content` is Markdown as it was written; ask for HTML to get it rendered safely."""

    id: int
    title: str
    content: str
    category: Level
    views: int
    published: bool
    created_at: Time
    updated_at: Time

    @classmethod
    def of(cls, tutorial: TutorialItem, content: str, sums: CountersItem) -> "Tutorial":
        return cls(
            id=tutorial.id,
            title=tutorial.title,
            content=content,
            category=cast("Level", tutorial.level),
            views=sums.views,
            published=tutorial.published,
            created_at=tutorial.created_at,
            updated_at=tutorial.updated_at,
        )
