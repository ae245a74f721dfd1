"""What follows from the facts in the table: as it is there, and reckoned anew with a pencil."""

from collections import Counter
from datetime import datetime

from nexus.table import keys
from nexus.table.bounties import ApplicationItem
from nexus.table.catalogue import ModelItem
from nexus.table.counters import CountersItem
from nexus.table.items import Item
from nexus.table.keys import Key
from nexus.table.opinions import LikeItem, ReviewItem
from nexus.table.purchases import LedgerItem, TransactionItem
from nexus.table.users import UserItem
from tests import cloud

type Sums = dict[Key, dict[str, int]]

NAMES = (
    "applicants", "approved_models", "balance_cents", "disbursed_cents", "downloads",
    "earned_cents", "fees_cents", "likes", "models", "pending_models", "rating_count",
    "rating_sum", "revenue_cents", "sales", "users",
)  # fmt: skip


def counted() -> Sums:
    """The sums in the table, without what is 0."""
    return _filled(
        {
            item.key: Counter({name: getattr(item, name) for name in NAMES})
            for item in cloud.of_kind(CountersItem)
        }
    )


def recounted() -> Sums:
    sums: dict[Key, Counter[str]] = {}
    for item in cloud.items():
        for key, amounts in _told_by(item):
            sums.setdefault(key, Counter()).update(amounts)
    return _filled(sums)


def _told_by(item: Item) -> list[tuple[Key, dict[str, int]]]:
    match item:
        case UserItem(is_banned=False):
            return [(keys.PLATFORM_COUNTERS, {"users": 1})]
        case ModelItem(status=status, creator_id=creator_id, category=category):
            there, approved = int(status != "withdrawn"), int(status == "approved")
            shown = approved * int(not item.is_hidden)
            return [
                (keys.PLATFORM_COUNTERS, {"models": there, "pending_models": status == "pending"}),
                (keys.user_counters(creator_id), {"approved_models": approved}),
                (keys.category_counters(category), {"models": there, "approved_models": shown}),
            ]
        case TransactionItem(status="completed", paid_at=datetime() as at):
            amount = item.amount_cents - item.refunded_cents
            fee = item.fee_cents - item.refunded_fee_cents
            money = {"sales": 1, "revenue_cents": amount, "fees_cents": fee}
            return [
                (keys.PLATFORM_COUNTERS, money),
                (keys.day_counters(at), money),
                (keys.model_counters(item.model_id), {"downloads": 1}),
                (keys.model_day(item.model_id, at), {"downloads": 1}),
                (keys.user_counters(item.seller_id), {"sales": 1, "earned_cents": amount - fee}),
            ]
        case LedgerItem(account=account) if account.startswith("seller "):
            seller_id = int(account.removeprefix("seller "))
            owed = {"balance_cents": item.amount_cents}
            if item.entry in {"payout", "payback"}:
                owed["disbursed_cents"] = -item.amount_cents
            return [(keys.user_counters(seller_id), owed)]
        case LikeItem():
            liked = {"likes": 1}
            day = keys.model_day(item.model_id, item.created_at)
            return [(keys.model_counters(item.model_id), liked), (day, liked)]
        case ReviewItem():
            rated = {"rating_sum": item.rating, "rating_count": 1}
            return [(keys.model_counters(item.model_id), rated)]
        case ApplicationItem():
            return [(keys.bounty_counters(item.bounty_id), {"applicants": 1})]
    return []


def _filled(sums: dict[Key, Counter[str]]) -> Sums:
    kept = {key: {name: n for name, n in amounts.items() if n} for key, amounts in sums.items()}
    return {key: amounts for key, amounts in kept.items() if amounts}


def ranked() -> dict[Key, Key]:
    """The places among the best."""
    return {
        item.key: Key(item.gsi1_pk, str(item.gsi1_sk))
        for item in cloud.of_kind(CountersItem)
        if item.gsi1_pk in {keys.TOP_MODELS, keys.TOP_CREATORS}
    }


def reranked() -> dict[Key, Key]:
    """Whatever was sold once has a place, also when it was given back."""
    sums, places = recounted(), {}
    for sale in cloud.of_kind(TransactionItem):
        model, seller = keys.model_counters(sale.model_id), keys.user_counters(sale.seller_id)
        downloads = sums.get(model, {}).get("downloads", 0)
        places[model] = keys.rank(keys.TOP_MODELS, downloads)
        earned = sums.get(seller, {}).get("earned_cents", 0)
        places[seller] = keys.rank(keys.TOP_CREATORS, earned)
    return places
