"""What goes out about the agreement of all facts."""

from typing import Literal, Self

from nexus.schema import Answer, Time
from nexus.table.verification import VerificationItem


class Verification(Answer):
    """`findings` has the first of `found` differences, in words. They are of the look that began
    at `looked_at`; with status `asked` another one is about to begin.
    """

    status: Literal["never", "asked", "done"]
    asked_at: Time | None
    looked_at: Time | None
    checked: dict[str, int]
    found: int
    findings: list[str]

    @classmethod
    def of(cls, item: VerificationItem) -> Self:
        is_asked = item.asked_at and not (item.looked_at and item.looked_at > item.asked_at)
        return cls(
            status="asked" if is_asked else "done" if item.looked_at else "never",
            asked_at=item.asked_at,
            looked_at=item.looked_at,
            checked=item.checked or {},
            found=item.found,
            findings=item.findings or [],
        )
