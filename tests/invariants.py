"""What must be true of the stored facts after every test (the I-numbers of our threat model)."""

from collections import Counter, defaultdict

from nexus.accounts.names import email_key, username_key
from nexus.money import platform_fee
from nexus.table import keys
from nexus.table.bounties import ApplicationItem, BountyItem, DeadlineItem
from nexus.table.catalogue import ModelItem
from nexus.table.items import Item
from nexus.table.purchases import LedgerItem, OwnedItem, TransactionItem
from nexus.table.uploads import UploadItem
from nexus.table.users import ReservationItem, UserItem


def check(items: list[Item]) -> None:
    sales = [item for item in items if isinstance(item, TransactionItem)]
    models = {item.id: item for item in items if isinstance(item, ModelItem)}
    ledger_balances(items, sales)
    prices_are_split_to_the_cent(sales)
    each_buyer_owns_what_was_paid_once(items, sales)
    nobody_bought_their_own_or_an_unreviewed_model(sales, models)
    names_are_held_by_one_account_each(items)
    models_are_made_of_uploads_that_are_ready(items, models)
    bounties_have_one_winner_who_applied(items)


def ledger_balances(items: list[Item], sales: list[TransactionItem]) -> None:
    """I1, I3"""
    entries: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    for line in items:
        if isinstance(line, LedgerItem):
            entries[line.transaction_id, line.entry][line.account] = line.amount_cents
    assert all(sum(accounts.values()) == 0 for accounts in entries.values()), entries
    expected = {(sale.id, "sale"): _accounts(sale, 1) for sale in sales}
    refunded = [sale for sale in sales if sale.status == "refunded"]
    expected |= {(sale.id, "refund"): _accounts(sale, -1) for sale in refunded}
    assert dict(entries) == expected


def _accounts(sale: TransactionItem, sign: int) -> dict[str, int]:
    return {
        f"buyer {sale.buyer_id}": -sign * sale.amount_cents,
        f"seller {sale.seller_id}": sign * sale.net_cents,
        "platform": sign * sale.fee_cents,
    }


def prices_are_split_to_the_cent(sales: list[TransactionItem]) -> None:
    """I2"""
    for sale in sales:
        assert 0 <= sale.fee_cents <= sale.amount_cents
        assert sale.fee_cents + sale.net_cents == sale.amount_cents
        assert sale.fee_cents == platform_fee(sale.amount_cents)


def each_buyer_owns_what_was_paid_once(items: list[Item], sales: list[TransactionItem]) -> None:
    """I4"""
    kept = [sale for sale in sales if sale.status == "completed"]
    bought = Counter((sale.buyer_id, sale.model_id, sale.id) for sale in kept)
    owned = Counter(
        (item.buyer_id, item.model_id, item.transaction_id)
        for item in items
        if isinstance(item, OwnedItem)
    )
    assert owned == bought
    assert len({(buyer, model) for buyer, model, _ in bought}) == len(kept)


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
