"""What each fact adds to which sums: the one definition of every counter.

The sums of a subject are the contributions of all facts. A change of a fact therefore changes
them by its new contribution less its old one, and recounting them is adding up.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from nexus.table import keys
from nexus.table.bounties import ApplicationItem
from nexus.table.campaigns import BatchItem
from nexus.table.catalogue import ModelItem
from nexus.table.items import Item
from nexus.table.keys import Key
from nexus.table.opinions import LikeItem, ReviewItem
from nexus.table.purchases import PAYBACK, PAYOUT, LedgerItem, TransactionItem
from nexus.table.receipts import ReceiptItem
from nexus.table.segments import MemberItem
from nexus.table.users import UserItem

type Contribution = dict[Key, dict[str, int]]


def _sale(sale: TransactionItem) -> Contribution:
    """What is left of a sale after what was given back."""
    if sale.status != "completed" or sale.paid_at is None:
        return {}
    amount = sale.amount_cents - sale.refunded_cents
    fee = sale.fee_cents - sale.refunded_fee_cents
    net = amount - fee
    money = {"sales": 1, "revenue_cents": amount, "fees_cents": fee}
    return {
        keys.PLATFORM_COUNTERS: money,
        keys.day_counters(sale.paid_at): money,
        keys.model_counters(sale.model_id): {"downloads": 1},
        keys.model_day(sale.model_id, sale.paid_at): {"downloads": 1},
        keys.user_counters(sale.seller_id): {"earned_cents": net, "sales": 1},
        keys.user_counters(sale.buyer_id): {"purchases": 1},
    }


def _booked(line: LedgerItem) -> Contribution:
    """What a seller is owed is what was booked for them."""
    holder, _, user_id = line.account.partition(" ")
    if holder != "seller":
        return {}
    sums = {"balance_cents": line.amount_cents}
    if line.entry in {PAYOUT, PAYBACK}:
        sums["disbursed_cents"] = -line.amount_cents
    return {keys.user_counters(int(user_id)): sums}


def _model(model: ModelItem) -> Contribution:
    status = model.status
    platform = {
        "models": int(status != "withdrawn"),
        "pending_models": int(status == "pending" and not model.is_hidden),
    }
    shown = {"approved_models": int(status == "approved" and not model.is_hidden)}
    return {
        keys.PLATFORM_COUNTERS: platform,
        keys.user_counters(model.creator_id): {"approved_models": int(status == "approved")},
        keys.category_counters(model.category): {"models": platform["models"], **shown},
    }


def _user(user: UserItem) -> Contribution:
    return {keys.PLATFORM_COUNTERS: {"users": int(not user.is_banned)}}


def _like(like: LikeItem) -> Contribution:
    return {
        keys.model_counters(like.model_id): {"likes": 1},
        keys.model_day(like.model_id, like.created_at): {"likes": 1},
    }


def _review(review: ReviewItem) -> Contribution:
    rating = {"rating_sum": review.rating, "rating_count": 1}
    return {keys.model_counters(review.model_id): rating}


def _application(application: ApplicationItem) -> Contribution:
    return {keys.bounty_counters(application.bounty_id): {"applicants": 1}}


def _member(member: MemberItem) -> Contribution:
    return {keys.segment_counters(member.segment): {"members": 1}}


OUTCOMES = {"sent": "sent", "refused": "failed", "unknown": "unknown"}


def _batch(batch: BatchItem) -> Contribution:
    """Whoever is in a batch is sent to, skipped, failed or unknown once the batch is over."""
    audience, skipped = len(batch.user_ids), len(batch.skipped)
    sums = {"audience": audience}
    if batch.state == "cancelled":
        sums |= {"batches": 1, "skipped": audience}
    if batch.state in OUTCOMES:
        sums |= {"batches": 1, "skipped": skipped, OUTCOMES[batch.state]: audience - skipped}
    return {keys.campaign_counters(batch.campaign_id): sums}


SECONDS_OF_MACHINES = timedelta(seconds=5)
"""Whatever opens or clicks sooner after delivery is a scanner, not a reader."""


def _receipt(receipt: ReceiptItem) -> Contribution:
    opened, by_machine = _hands(receipt, receipt.first_open, receipt.last_open)
    clicked, clicked_by_machine = _hands(receipt, receipt.first_click, receipt.last_click)
    sums = {
        "delivered": receipt.delivered_at is not None,
        "opened": opened,
        "machine_opened": by_machine or receipt.machine_open,
        "clicked": clicked,
        "machine_clicked": clicked_by_machine or receipt.machine_click,
        "bounced": receipt.bounced,
        "complained": receipt.complained,
        "unsubscribed": receipt.unsubscribed,
    }
    counted = {name: int(value) for name, value in sums.items() if value}
    return {keys.campaign_counters(receipt.campaign_id): counted}


def _hands(
    receipt: ReceiptItem, first: datetime | None, last: datetime | None
) -> tuple[bool, bool]:
    """Whether a person did it, and whether a machine did, going by the time since delivery."""
    if first is None or last is None:
        return False, False
    if receipt.delivered_at is None:
        return True, False
    soon = receipt.delivered_at + SECONDS_OF_MACHINES
    return last > soon, first <= soon


CONTRIBUTIONS: dict[type[Item], Callable[[Any], Contribution]] = {
    TransactionItem: _sale,
    LedgerItem: _booked,
    ModelItem: _model,
    UserItem: _user,
    LikeItem: _like,
    ReviewItem: _review,
    ApplicationItem: _application,
    MemberItem: _member,
    BatchItem: _batch,
    ReceiptItem: _receipt,
}


def ranks(sale: TransactionItem) -> dict[Key, tuple[str, str]]:
    """Whose places among the best a sale moves: {subject: (list, the sum that counts there)}."""
    return {
        keys.model_counters(sale.model_id): (keys.TOP_MODELS, "downloads"),
        keys.user_counters(sale.seller_id): (keys.TOP_CREATORS, "earned_cents"),
    }


def contribution(item: Item | None) -> Contribution:
    """What an item adds to the sums; nothing where there is no item or it does not count."""
    counts = CONTRIBUTIONS.get(type(item)) if item else None
    return counts(item) if counts else {}


def difference(before: Item | None, after: Item | None) -> Contribution:
    """By what the sums change when an item does. Leaves out what stays as it is."""
    changes: dict[Key, Counter[str]] = {}
    for key, amounts in contribution(after).items():
        changes.setdefault(key, Counter()).update(amounts)
    for key, amounts in contribution(before).items():
        changes.setdefault(key, Counter()).subtract(amounts)
    kept = {
        key: {name: amount for name, amount in amounts.items() if amount}
        for key, amounts in changes.items()
    }
    return {key: amounts for key, amounts in kept.items() if amounts}
