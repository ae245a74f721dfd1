"""What must be true of one sale: its quote, what happened to it, and its part of the ledger."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from math import floor

from nexus.money import platform_fee
from nexus.purchases.settlement import settle
from nexus.table import keys
from nexus.table.payments import Book, EventItem
from nexus.table.purchases import PROVIDER, LedgerItem

PASSED_ON = ("transfer", "reversal", "rounding p")
"""The entries in which the provider gives a seller's part to their own account, or takes it."""


def findings_in(book: Book) -> Iterator[str]:
    for invariant, problem in (*_of_entries(book.ledger), *_of_sale(book), *_of_ledger(book)):
        yield f"{invariant} transaction {book.sale.id}: {problem}"


type Finding = tuple[str, str]


def _of_entries(ledger: list[LedgerItem]) -> Iterator[Finding]:
    """I1"""
    entries: Counter[str] = Counter()
    for line in ledger:
        entries[line.entry] += line.amount_cents
    for entry, cents in entries.items():
        if cents:
            yield "I1", f"the entry “{entry}” adds up to {cents}"


def _of_sale(book: Book) -> Iterator[Finding]:
    """I2, I6, I7: split to the cent; told of as it was quoted; as its events make it"""
    sale, trusted = book.sale, [event for event in book.events if not event.mistrust]
    split = (platform_fee(sale.amount_cents), sale.amount_cents - sale.fee_cents)
    if (sale.fee_cents, sale.net_cents) != split or not 0 <= sale.fee_cents <= sale.amount_cents:
        yield "I2", f"{sale.amount_cents} is split into {sale.fee_cents} and {sale.net_cents}"
    quoted = (sale.amount_cents, sale.currency, sale.livemode, sale.payment_reference)
    for event in trusted:
        told = (event.amount_cents, event.currency, event.livemode, event.reference)
        if event.about == "paid" and told != quoted:
            yield "I6", f"{told} was paid where {quoted} was quoted"
    settled = settle(sale, trusted)
    is_ = (sale.status, sale.entitlement, sale.refunded_cents)
    should = (settled.status, settled.entitlement, settled.refunded_cents)
    if is_ != should:
        yield "I7", f"it is {is_}, its events make it {should}"
    if (sale.gsi1_pk == keys.SALES) != bool(_about(trusted, "paid")):
        yield "I7", "only what is paid is among the sales"


def _of_ledger(book: Book) -> Iterator[Finding]:
    """I3, I8: each account has what the events say; recounted, not with the rules that booked it"""
    sale, accounts = book.sale, _accounts(book.ledger)
    events = [event for event in book.events if not event.mistrust]
    if not sale.destination and any(line.entry.startswith(PASSED_ON) for line in book.ledger):
        yield "I3", "something was passed on, and nobody to take it"
    if not _about(events, "paid"):
        if any(accounts.values()):
            yield "I3", "something is booked for what was not paid"
        return
    back, withdrawn = _about(events, "refunded") | _about(events, "returned"), _withdrawn(events)
    owed = sum(_about(events, "returned").values())
    kept = sale.amount_cents - sum(back.values()) - sum(withdrawn.values())
    held = 0 if sale.payment_method == "free" else kept + owed
    shares = (accounts["seller"], accounts["platform"])
    if (accounts[PROVIDER], accounts["buyer"]) != (-held, owed):
        yield "I3", f"the provider should hold {held}, and the buyer be owed {owed}: {accounts}"
    passed_on = _passed_on(book.ledger)
    if sale.destination and passed_on != _with_seller(book, back):
        yield "I3", f"the provider should have passed on {_with_seller(book, back)}: {passed_on}"
    if sum(shares) != kept or (not back and not withdrawn and shares != _quoted(book)):
        yield "I3", f"seller and platform have {shares} of {kept}"
    if not 0 <= sale.refunded_cents <= sale.amount_cents:
        yield "I8", f"{sale.refunded_cents} of {sale.amount_cents} was given back"
    if (back or withdrawn) and kept <= 0 and shares != (0, kept):
        yield "I8", f"all was given back, but of {shares}"


def _with_seller(book: Book, back: dict[str, int]) -> int:
    """What a seller's own account should have: their part, without what was taken back from it."""
    flagged = {event.subject for event in book.events if event.from_seller and not event.mistrust}
    taken = sum(cents for subject, cents in back.items() if subject in flagged)
    share = Fraction(book.sale.fee_cents * min(taken, book.sale.amount_cents))
    fee = floor(share / (book.sale.amount_cents or 1) + Fraction(1, 2))
    return book.sale.net_cents - taken + fee


def _accounts(ledger: list[LedgerItem]) -> Counter[str]:
    """What each account has; what was passed on to a seller is counted as theirs with us."""
    accounts: Counter[str] = Counter()
    for line in ledger:
        accounts[line.account.split()[0]] += line.amount_cents
    passed_on = _passed_on(ledger)
    accounts["seller"] += passed_on
    accounts[PROVIDER] -= passed_on
    return accounts


def _passed_on(ledger: list[LedgerItem]) -> int:
    return sum(
        line.amount_cents
        for line in ledger
        if line.account == PROVIDER and line.entry.startswith(PASSED_ON)
    )


def _withdrawn(events: list[EventItem]) -> dict[str, int]:
    """What banks took, and have not given back."""
    withdrawn = _about(events, "disputed") | _about(events, "dispute_lost")
    won = _last(events, "dispute_won")
    lost = _last(events, "dispute_lost")
    return {
        subject: cents
        for subject, cents in withdrawn.items()
        if subject not in won or (subject in lost and lost[subject] >= won[subject])
    }


def _last(events: list[EventItem], about: str) -> dict[str, datetime]:
    told = [event for event in events if event.about == about]
    return {each.subject: each.happened_at for each in sorted(told, key=lambda e: e.happened_at)}


def _quoted(book: Book) -> tuple[int, int]:
    return book.sale.net_cents, book.sale.fee_cents


def _about(events: list[EventItem], about: str) -> dict[str, int]:
    return {each.subject: each.amount_cents for each in events if each.about == about}
