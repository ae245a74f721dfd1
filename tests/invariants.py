"""What must be true of the stored facts after every test (the I-numbers of our threat model)."""

from collections import Counter, defaultdict

from nexus.accounts.names import email_key, username_key
from nexus.money import platform_fee
from nexus.purchases.settlement import settle
from nexus.table import keys
from nexus.table.bounties import ApplicationItem, BountyItem, DeadlineItem
from nexus.table.catalogue import ModelItem
from nexus.table.items import Item
from nexus.table.payments import CheckoutItem, EventItem
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from nexus.table.uploads import UploadItem
from nexus.table.users import ReservationItem, UserItem


def check(items: list[Item]) -> None:
    sales = [item for item in items if isinstance(item, TransactionItem)]
    models = {item.id: item for item in items if isinstance(item, ModelItem)}
    ledger_balances(items, sales)
    prices_are_split_to_the_cent(sales)
    each_buyer_owns_what_was_paid_once(items, sales)
    states_are_those_of_their_events(items, sales)
    nobody_bought_their_own_or_an_unreviewed_model(sales, models)
    names_are_held_by_one_account_each(items)
    models_are_made_of_uploads_that_are_ready(items, models)
    bounties_have_one_winner_who_applied(items)


def ledger_balances(items: list[Item], sales: list[TransactionItem]) -> None:
    """I1, I3, I8: each entry adds up to nothing, and each account has what the facts say"""
    entries: Counter[tuple[int, str]] = Counter()
    balances: dict[int, Counter[str]] = defaultdict(Counter)
    for line in items:
        if isinstance(line, LedgerItem):
            entries[line.transaction_id, line.entry] += line.amount_cents
            balances[line.transaction_id][line.account.split()[0]] += line.amount_cents
    assert not any(entries.values()), entries
    for sale in sales:
        accounts, events = balances.pop(sale.id, Counter()), _events(items, sale)
        passed = _passed_on(items, sale)
        accounts.update({"seller": passed, "provider": -passed} if passed else {})
        if not _about(events, "paid"):
            assert not accounts, "nothing is booked for what was not paid"
            continue
        back, came_back = _refunds(events), _about(events, "returned")
        withdrawn = {**_about(events, "disputed"), **_about(events, "dispute_lost")}
        for subject in _about(events, "dispute_won"):
            withdrawn.pop(subject, None)
        owed = sum(came_back.values())
        kept = sale.amount_cents - sum(back.values()) - sum(withdrawn.values())
        assert accounts["provider"] == (-(kept + owed) if sale.payment_method != "free" else 0)
        assert accounts["buyer"] == owed
        assert accounts["seller"] + accounts["platform"] == kept
        assert sale.refunded_cents <= sale.amount_cents
        if not back and not withdrawn:
            assert (accounts["seller"], accounts["platform"]) == (sale.net_cents, sale.fee_cents)
        if sum(back.values()) == sale.amount_cents:
            assert (accounts["seller"], accounts["platform"]) == (0, 0)
    assert not balances


def _passed_on(items: list[Item], sale: TransactionItem) -> int:
    """What the provider gave on to the seller's own account."""
    lines = [each for each in items if isinstance(each, LedgerItem) and each.pk == sale.pk]
    passing = [
        each for each in lines if each.entry.startswith(("transfer", "reversal", "rounding p"))
    ]
    assert sale.destination or not passing
    return sum(each.amount_cents for each in passing if each.account == "provider")


def _events(items: list[Item], sale: TransactionItem) -> list[EventItem]:
    """The events of a sale that are believed."""
    found = [each for each in items if isinstance(each, EventItem) and each.pk == sale.pk]
    return [each for each in found if not each.mistrust]


def _about(events: list[EventItem], about: str) -> dict[str, int]:
    return {each.subject: each.amount_cents for each in events if each.about == about}


def _refunds(events: list[EventItem]) -> dict[str, int]:
    return _about(events, "refunded") | _about(events, "returned")


def prices_are_split_to_the_cent(sales: list[TransactionItem]) -> None:
    """I2"""
    for sale in sales:
        assert 0 <= sale.fee_cents <= sale.amount_cents
        assert sale.fee_cents + sale.net_cents == sale.amount_cents
        assert sale.fee_cents == platform_fee(sale.amount_cents)


def each_buyer_owns_what_was_paid_once(items: list[Item], sales: list[TransactionItem]) -> None:
    """I4, and a payment under way is the only one of its buyer for its model"""
    kept = [sale for sale in sales if sale.entitlement in {"owned", "suspended"}]
    bought = Counter((sale.buyer_id, sale.model_id, sale.id) for sale in kept)
    owned = Counter(
        (item.buyer_id, item.model_id, item.transaction_id)
        for item in items
        if isinstance(item, OwnedItem)
    )
    assert owned == bought
    assert len({(buyer, model) for buyer, model, _ in bought}) == len(kept)
    pending = {(s.buyer_id, s.model_id, s.id) for s in sales if s.status == "pending"}
    open_ = {
        (item.buyer_id, item.model_id, item.transaction_id)
        for item in items
        if isinstance(item, CheckoutItem)
    }
    assert open_ == pending
    assert len({(buyer, model) for buyer, model, _ in pending}) == len(pending)


def states_are_those_of_their_events(items: list[Item], sales: list[TransactionItem]) -> None:
    """I6, I7: what is paid was told to be, in the amount, currency and mode of its quote"""
    for sale in sales:
        events = _events(items, sale)
        paid = [each for each in events if each.about == "paid"]
        for each in paid:
            told = (each.amount_cents, each.currency, each.livemode, each.reference)
            quoted = (sale.amount_cents, sale.currency, sale.livemode, sale.payment_reference)
            assert told == quoted
        assert (sale.status in {"completed", "refunded"}) == bool(paid)
        settled = settle(sale, events)
        assert (sale.status, sale.entitlement) == (settled.status, settled.entitlement)
        assert sale.refunded_cents == settled.refunded_cents
        assert (sale.gsi1_pk is not None) == bool(paid), "only what is paid is among the sales"
    references = [sale.payment_reference for sale in sales if sale.payment_reference]
    assert len(set(references)) == len(references), "one payment for each sale"


def nobody_bought_their_own_or_an_unreviewed_model(
    sales: list[TransactionItem], models: dict[int, ModelItem]
) -> None:
    """I5"""
    for sale in sales:
        assert sale.seller_id == models[sale.model_id].creator_id != sale.buyer_id
        assert models[sale.model_id].version > 1, "it was reviewed"


def names_are_held_by_one_account_each(items: list[Item]) -> None:
    """I15"""
    held = {item.key: item.user_id for item in items if isinstance(item, ReservationItem)}
    users = [item for item in items if isinstance(item, UserItem) and not item.is_erased]
    expected = {keys.email(email_key(user.email)): user.id for user in users}
    expected |= {keys.username(username_key(user.username)): user.id for user in users}
    assert held == expected
    assert len(expected) == 2 * len(users)


def models_are_made_of_uploads_that_are_ready(
    items: list[Item], models: dict[int, ModelItem]
) -> None:
    """I12, as far as models go"""
    uploads = {item.id: item for item in items if isinstance(item, UploadItem)}
    for model in models.values():
        for upload in map(uploads.__getitem__, model.upload_ids):
            assert (upload.status, upload.model_id) == ("ready", model.id)
            assert upload.owner_id == model.creator_id


def bounties_have_one_winner_who_applied(items: list[Item]) -> None:
    """I19; the platform keeps no escrow"""
    applied = {
        (each.bounty_id, each.user_id) for each in items if isinstance(each, ApplicationItem)
    }
    bounties = [item for item in items if isinstance(item, BountyItem)]
    for bounty in bounties:
        assert (bounty.winner_id is not None) == (bounty.status in {"In Progress", "Completed"})
        assert bounty.winner_id is None or (bounty.id, bounty.winner_id) in applied
        assert (bounty.id, bounty.creator_id) not in applied
        assert keys.bounty_in(bounty.status, bounty.id) == (bounty.gsi2_pk, bounty.gsi2_sk)
    due = {keys.deadline(bounty.due, bounty.id) for bounty in bounties if bounty.due}
    assert {item.key for item in items if isinstance(item, DeadlineItem)} == due
