"""What goes in and out about tutorials."""

from typing import Annotated, Literal, cast

from pydantic import AfterValidator, Field

from nexus.schema import MOST_BYTES, Answer, Change, Line, Schema, Time, absent, whole_text
from nexus.table.counters import CountersItem
from nexus.table.tutorials import TutorialItem

type TutorialLevel = Literal["Beginner", "Intermediate", "Advanced"]
type Flag = Annotated[bool, Field(strict=True)]


type Markdown = Annotated[
    str,
    Field(max_length=MOST_BYTES, description="Markdown (CommonMark with tables), at most 100 KB"),
    AfterValidator(whole_text),
]


class NewTutorial(Schema):
    title: Line
    content: Markdown
    category: TutorialLevel
    published: Flag = False


class TutorialChanges(Change):
    title: Line = absent()
    content: Markdown = absent()
    category: TutorialLevel = absent()
    published: Flag = absent()


class Tutorial(Answer):
    """`content` is Markdown as it was written; ask for HTML to get it rendered safely."""

    id: int
    title: str
    content: str
    category: TutorialLevel
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
            category=cast("TutorialLevel", tutorial.level),
            views=sums.views,
            published=tutorial.published,
            created_at=tutorial.created_at,
            updated_at=tutorial.updated_at,
        )
