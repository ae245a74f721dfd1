"""What a payment has come to: a function of the set of its events, so their order is all one.

The ledger only grows: whatever is undone or was otherwise than it first seemed is booked backwards.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from nexus.table.payments import EventItem
from nexus.table.purchases import PLATFORM, PROVIDER, TransactionItem, buyer_account, seller_account

_BY = " by "


class Line(NamedTuple):
    entry: str
    account: str
    amount_cents: int


@dataclass(frozen=True)
class Settlement:
    """`committed_cents` is what may not be refunded any more: it was, or is about to be."""

    status: Literal["pending", "completed", "refunded", "failed"]
    entitlement: Literal["none", "owned", "suspended", "ended"] = "none"
    refunded_cents: int = 0
    refunded_fee_cents: int = 0
    committed_cents: int = 0
    dispute: Literal["open", "won", "lost"] | None = None
    lines: Sequence[Line] = field(default_factory=tuple)


def settle(sale: TransactionItem, events: Iterable[EventItem]) -> Settlement:
    """What the trusted events of a sale add up to."""
    told = [event for event in events if not event.mistrust]
    about = {event.about for event in told}
    if "paid" not in about:
        return Settlement("failed" if "canceled" in about else "pending")
    refunds, disputes = _refunds(told), _disputes(told)
    taken = refunds + [event for event in disputes.values() if event.about == "dispute_lost"]
    taken_cents = min(_sum(taken), sale.amount_cents)
    whole = bool(taken) and taken_cents == sale.amount_cents
    dispute, committed_cents = _state(disputes), _committed(told, disputes)
    nothing_left = sale.amount_cents and committed_cents >= sale.amount_cents
    return Settlement(
        status="refunded" if whole else "completed",
        entitlement=_entitlement(
            dispute,
            ended=whole or any(event.superseded for event in told),
            nothing_left=bool(nothing_left),
        ),
        refunded_cents=taken_cents,
        refunded_fee_cents=fee_share(sale, taken_cents),
        committed_cents=committed_cents,
        dispute=dispute,
        lines=[
            *_sale_lines(sale),
            *_refund_lines(sale, refunds, {e.subject for e in told if e.about == "returned"}),
            *_dispute_lines(sale, disputes),
            *_corrections(sale, refunds, [e for e in disputes.values() if _withdrawn(e)]),
        ],
    )


def missing_lines(wanted: Iterable[Line], booked: Iterable[Line], cause: str) -> list[Line]:
    """What is still to be booked. A correction of an entry is named by its cause, which must be
    another one each time.
    """
    left: dict[str, Counter[str]] = {}
    for line in wanted:
        left.setdefault(line.entry, Counter())[line.account] += line.amount_cents
    known = set()
    for line in booked:
        entry = line.entry.partition(_BY)[0]
        known.add(entry)
        left.setdefault(entry, Counter())[line.account] -= line.amount_cents
    return [
        Line(f"{entry}{_BY}{cause}" if entry in known else entry, account, cents)
        for entry, accounts in left.items()
        for account, cents in accounts.items()
        if cents or entry not in known
    ]


def fee_share(sale: TransactionItem, amount_cents: int) -> int:
    """The platform's part of some of a sale's amount, half a cent rounded up."""
    if not sale.amount_cents:
        return 0
    return (2 * sale.fee_cents * amount_cents + sale.amount_cents) // (2 * sale.amount_cents)


def _refunds(told: list[EventItem]) -> list[EventItem]:
    """One event for each refund that was made: one that says whose money it was, if any does."""
    made = [event for event in told if event.about in {"refunded", "returned"}]
    found = {event.subject: event for event in sorted(made, key=lambda each: each.from_seller)}
    return [found[subject] for subject in sorted(found)]


RANK = ("disputed", "dispute_won", "dispute_lost")
OUTCOME: dict[str, Literal["open", "won", "lost"]] = {
    "disputed": "open",
    "dispute_won": "won",
    "dispute_lost": "lost",
}


def _disputes(told: list[EventItem]) -> dict[str, EventItem]:
    """The event that tells how each dispute stands: its end comes after its beginning, and an
    appeal may end it once more.
    """
    found: dict[str, EventItem] = {}
    for event in sorted((e for e in told if e.about in RANK), key=_turn):
        found[event.subject] = event
    return dict(sorted(found.items()))


def _turn(event: EventItem) -> tuple[bool, datetime, int]:
    return event.about != "disputed", event.happened_at, RANK.index(event.about)


def _withdrawn(dispute: EventItem) -> bool:
    """Whether the provider has taken the money, and not given it back."""
    return dispute.about != "dispute_won"


def _sum(events: Iterable[EventItem]) -> int:
    return sum(event.amount_cents for event in events)


def _state(disputes: dict[str, EventItem]) -> Literal["open", "won", "lost"] | None:
    """Of several disputes the worst counts."""
    states = {OUTCOME[event.about] for event in disputes.values()}
    return next((state for state in ("lost", "open", "won") if state in states), None)


def _entitlement(
    dispute: str | None, *, ended: bool, nothing_left: bool
) -> Literal["none", "owned", "suspended", "ended"]:
    """While all of the money is about to go back, or may have to, nothing can be downloaded."""
    if ended or dispute == "lost":
        return "ended"
    return "suspended" if dispute == "open" or nothing_left else "owned"


def _committed(told: list[EventItem], disputes: dict[str, EventItem]) -> int:
    refused = {event.subject for event in told if event.about == "refund_refused"}
    wanted = {
        event.subject: event.amount_cents
        for event in told
        if event.about in {"refunded", "returned"}
        or (event.about == "refund_requested" and event.subject not in refused)
    }
    return sum(wanted.values()) + _sum(filter(_withdrawn, disputes.values()))


def _sale_lines(sale: TransactionItem) -> list[Line]:
    buyer, seller = buyer_account(sale), seller_account(sale)
    lines = [
        Line("sale", buyer, -sale.amount_cents),
        Line("sale", seller, sale.net_cents),
        Line("sale", PLATFORM, sale.fee_cents),
    ]
    lines += _move("payment", PROVIDER, buyer, sale.amount_cents)
    return lines + _passed_on(sale, "transfer", sale.net_cents)


def _passed_on(sale: TransactionItem, entry: str, amount_cents: int) -> list[Line]:
    """What the provider passes on to the seller's own account; below zero, what it takes back."""
    if not sale.destination:
        return []
    return _move(entry, seller_account(sale), PROVIDER, amount_cents)


def _taking_back(sale: TransactionItem, entry: str, amount_cents: int) -> list[Line]:
    """The buyer is owed again what seller and platform had of it."""
    fee = fee_share(sale, amount_cents)
    return [
        Line(entry, buyer_account(sale), amount_cents),
        Line(entry, seller_account(sale), fee - amount_cents),
        Line(entry, PLATFORM, -fee),
    ]


def _refund_lines(
    sale: TransactionItem, refunds: list[EventItem], returned: set[str]
) -> list[Line]:
    """Of a refund that the provider did not take from the seller, they owe us their part."""
    buyer, lines = buyer_account(sale), list[Line]()
    for refund in refunds:
        amount, subject = refund.amount_cents, refund.subject
        lines += _taking_back(sale, f"refund {subject}", amount)
        lines += _move(f"repayment {subject}", buyer, PROVIDER, amount)
        if refund.from_seller:
            lines += _passed_on(sale, f"reversal {subject}", fee_share(sale, amount) - amount)
        if subject in returned:  # it did not reach the buyer, who is still owed it
            lines += _move(f"return {subject}", PROVIDER, buyer, amount)
    reversed_ = [refund for refund in refunds if refund.from_seller]
    return lines + _passed_on(sale, "rounding passed on", _residue(sale, reversed_))


def _dispute_lines(sale: TransactionItem, disputes: dict[str, EventItem]) -> list[Line]:
    """The provider takes a disputed amount at once, and gives it back when the dispute is won."""
    buyer, lines = buyer_account(sale), list[Line]()
    for subject, event in disputes.items():
        taken = _taking_back(sale, f"dispute {subject}", event.amount_cents)
        taken += _move(f"withdrawal {subject}", buyer, PROVIDER, event.amount_cents)
        lines += taken
        if not _withdrawn(event):
            lines += [Line(f"{e} undone", account, -amount) for e, account, amount in taken]
    return lines


def _corrections(
    sale: TransactionItem, refunds: list[EventItem], disputes: list[EventItem]
) -> list[Line]:
    """All parts together take back the fee of their sum, to the cent; and what banks take beyond
    the price, as of a whole of which a part was refunded before, is the platform's loss.
    https://support.stripe.com/questions/dispute-for-full-charge-amount-after-a-partial-refund
    """
    taken, seller = [*refunds, *disputes], seller_account(sale)
    excess = max(_sum(taken) - sale.amount_cents, 0)
    return [
        *_move("rounding", PLATFORM, seller, _residue(sale, taken)),
        *_move("excess", PLATFORM, seller, excess),
    ]


def _residue(sale: TransactionItem, taken: list[EventItem]) -> int:
    """The fee of what was taken back, without the parts of it that were taken back one by one."""
    parts = sum(fee_share(sale, event.amount_cents) for event in taken)
    return fee_share(sale, min(_sum(taken), sale.amount_cents)) - parts


def _move(entry: str, giver: str, taker: str, amount_cents: int) -> list[Line]:
    """An entry of two lines; none where nothing moves."""
    if not amount_cents:
        return []
    return [Line(entry, giver, -amount_cents), Line(entry, taker, amount_cents)]
