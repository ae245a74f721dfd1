"""What came of looking whether all stored facts agree with each other."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pynamodb.attributes import JSONAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from nexus.table import keys
from nexus.table.items import IntegerAttribute, Item, Step, Update, commit, find, update


class VerificationItem(Item, discriminator="Verification"):
    """The last look at all facts, which began at `looked_at`; `findings` has the first of `found`
    differences, in words. `asked_at` is when an admin wanted another.
    """

    asked_at = UTCDateTimeAttribute(null=True)
    looked_at = UTCDateTimeAttribute(null=True)
    checked: JSONAttribute = JSONAttribute(null=True)
    found = IntegerAttribute(default=0)
    findings: JSONAttribute = JSONAttribute(null=True)


def find_verification() -> VerificationItem:
    return find(VerificationItem, keys.VERIFICATION) or VerificationItem(*keys.VERIFICATION)


def ask_for_verification(now: datetime, *also: Step) -> None:
    commit(_change(VerificationItem.asked_at.set(now)), *also)


def keep_findings(
    looked_at: datetime, checked: Mapping[str, int], findings: Sequence[str], found: int
) -> None:
    update(
        _change(
            VerificationItem.looked_at.set(looked_at),
            VerificationItem.checked.set(dict(checked)),
            VerificationItem.findings.set(list(findings)),
            VerificationItem.found.set(found),
        )
    )


def _change(*actions: Action) -> Update:
    named = Item.kind.set(VerificationItem)
    return Update(VerificationItem(*keys.VERIFICATION), [named, *actions])
