"""Booking what went between sellers and us past the payment provider, such as by bank transfer."""

from datetime import datetime

from nexus.errors import Conflict, NotFound
from nexus.money import dollars
from nexus.payouts.schemas import Disbursement, NewDisbursement
from nexus.table import keys
from nexus.table.counters import counters
from nexus.table.disbursements import (
    DisbursedItem,
    DisbursementItem,
    find_disbursed,
    find_disbursement,
    record_disbursement,
)
from nexus.table.items import ConditionFailed
from nexus.table.outbox import record_deed
from nexus.table.users import UserItem, find_user

TRIES = 5


def disburse(
    user_id: int, wanted: NewDisbursement, *, admin: UserItem, disbursement_id: int, now: datetime
) -> Disbursement:
    """Book a payment to a seller, or from one. The same `disbursement_id` again (a retry) books
    nothing more.

    Raises `NotFound`, and `Conflict` for more than is owed.
    """
    sign = 1 if wanted.direction == "paid" else -1
    item = DisbursementItem.of(
        disbursement_id,
        user_id=user_id,
        amount_cents=sign * wanted.amount,
        reference=wanted.reference,
        created_at=now,
    )
    detail = f"{wanted.direction} {dollars(wanted.amount):.2f} USD: {wanted.reference}"
    deed = record_deed(
        disbursement_id, admin.id, "user.disbursement", f"user {user_id}", detail, now
    )
    if find_user(user_id) is None:
        raise NotFound("User not found")
    for _ in range(TRIES):
        if (made := find_disbursement(disbursement_id)) is not None:
            return Disbursement.of(made)
        known = find_disbursed(user_id)
        left = sign * _owed(known)
        if wanted.amount > left:
            whom = "We owe this seller" if sign > 0 else "This seller owes us"
            raise Conflict(f"{whom} ${dollars(max(left, 0)):,.2f} and no more")
        try:
            record_disbursement(item, known, deed)
        except ConditionFailed:
            continue
        return Disbursement.of(item)
    raise Conflict("This seller's account is changing at this moment")


def _owed(known: DisbursedItem) -> int:
    """What we owe a seller, in cents. Their balance follows the ledger by moments, and what of it
    is disbursements, too: those that it does not have yet are known from their own sum.
    """
    sums = counters(keys.user_counters(known.user_id))
    return sums.balance_cents + sums.disbursed_cents - known.cents
