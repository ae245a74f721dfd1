"""What must be true once everything is quiet, whatever went wrong before."""

from collections import Counter, defaultdict

from nexus.table import keys
from nexus.table.catalogue import DecisionItem, ModelItem
from nexus.table.counters import CountersItem
from nexus.table.items import Item
from nexus.table.keys import Key
from nexus.table.outbox import AuditItem, OutboxItem
from nexus.table.purchases import LedgerItem, TransactionItem
from nexus.table.trending import TrendingItem
from nexus.table.uploads import UploadItem
from nexus.table.users import UserItem
from tests import invariants
from tests.faults.world import Found


def check(found: Found) -> None:
    """Facts agree with each other, with what is derived from them, and with the stored files."""
    invariants.check(found.items)
    sums_are_those_of_the_facts(found)
    each_fact_owes_its_mails_once(found)
    each_decision_is_on_record_once(found)
    each_upload_makes_one_model(found)
    what_is_marked_as_trending_is_listed(found)
    stored_files_are_those_referred_to(found)


def what_is_marked_as_trending_is_listed(found: Found) -> None:
    """Or it would keep the mark for ever."""
    listed = [each.marked or set() for each in found.of(TrendingItem)]
    marked = {model.id for model in found.of(ModelItem) if model.is_trending}
    assert set().union(*listed) == marked


def sums_are_those_of_the_facts(found: Found) -> None:
    """Recounted here from scratch: nothing of the projector's own arithmetic."""
    sums: dict[Key, Counter[str]] = defaultdict(Counter)
    for user in found.of(UserItem):
        sums[keys.PLATFORM_COUNTERS]["users"] += not user.is_banned
        sums[keys.segment_counters("all")]["members"] += user.gets_news
    for model in found.of(ModelItem):
        sums[keys.PLATFORM_COUNTERS]["models"] += 1
        sums[keys.PLATFORM_COUNTERS]["pending_models"] += model.status == "pending"
        approved = model.status == "approved"
        sums[keys.user_counters(model.creator_id)]["approved_models"] += approved
        sums[keys.category_counters(model.category)] += Counter(models=1, approved_models=approved)
    for line in found.of(LedgerItem):
        if line.account.startswith("seller"):
            theirs = sums[keys.user_counters(int(line.account.split()[1]))]
            theirs["balance_cents"] += line.amount_cents
            if line.entry in {"payout", "payback"}:
                theirs["disbursed_cents"] -= line.amount_cents
    buyers = set[int]()
    for sale in found.of(TransactionItem):
        if sale.status != "completed" or sale.paid_at is None:
            continue
        amount = sale.amount_cents - sale.refunded_cents
        fee = sale.fee_cents - sale.refunded_fee_cents
        for key in (keys.PLATFORM_COUNTERS, keys.day_counters(sale.paid_at)):
            sums[key] += Counter(sales=1, revenue_cents=amount, fees_cents=fee)
        sums[keys.model_counters(sale.model_id)]["downloads"] += 1
        sums[keys.model_day(sale.model_id, sale.paid_at)]["downloads"] += 1
        sums[keys.user_counters(sale.seller_id)].update(sales=1, earned_cents=amount - fee)
        sums[keys.user_counters(sale.buyer_id)]["purchases"] += 1
        buyers.add(sale.buyer_id)
    creators = {model.creator_id for model in found.of(ModelItem) if model.status == "approved"}
    sums[keys.segment_counters("creators")]["members"] = len(creators)
    sums[keys.segment_counters("buyers")]["members"] = len(buyers)
    names = [name for name in CountersItem.get_attributes() if _is_sum(name)]
    counted = {
        item.key: {name: value for name in names if (value := getattr(item, name))}
        for item in found.of(CountersItem)
    }
    expected = {key: {n: v for n, v in sum_.items() if v} for key, sum_ in sums.items()}
    assert {k: v for k, v in counted.items() if v} == {k: v for k, v in expected.items() if v}


def _is_sum(name: str) -> bool:
    return name not in Item.get_attributes()


def each_fact_owes_its_mails_once(found: Found) -> None:
    owed = Counter((each.template, each.user_id) for each in found.of(OutboxItem))
    expected: Counter[tuple[str, int]] = Counter()
    for user in found.of(UserItem):
        expected["welcome", user.id] += 1
        expected["verify_email", user.id] += 1
    for sale in (each for each in found.of(TransactionItem) if each.paid_at):
        expected["sale_notification", sale.seller_id] += 1
        expected["purchase_confirmation", sale.buyer_id] += 1
    for model in found.of(ModelItem):
        if model.status != "pending":
            expected[f"model_{model.status}", model.creator_id] += 1
    assert owed == expected


def each_decision_is_on_record_once(found: Found) -> None:
    recorded = Counter(
        (each.action, each.subject)
        for each in found.of(AuditItem)
        if each.action.startswith("model.")
    )
    decided = [model for model in found.of(ModelItem) if model.status != "pending"]
    taken = Counter((each.model_id, each.status) for each in found.of(DecisionItem))
    assert taken == Counter((model.id, model.status) for model in decided)
    assert recorded == Counter((f"model.{m.status}", f"model {m.id}") for m in decided)


def each_upload_makes_one_model(found: Found) -> None:
    used = Counter(upload for model in found.of(ModelItem) for upload in model.upload_ids)
    bound = {each.id for each in found.of(UploadItem) if each.model_id is not None}
    assert used == Counter(bound)


def stored_files_are_those_referred_to(found: Found) -> None:
    uploads, files, pictures = found.of(UploadItem), set(found.files), set(found.pictures)
    ready = [upload for upload in uploads if upload.status == "ready"]
    products = {upload.asset_key for upload in ready}
    coming = {each.incoming_key for each in uploads if each.status in {"waiting", "processing"}}
    assert products <= files <= products | coming, (files, products, coming)
    shown = {name for upload in ready for name in (upload.pictures or {}).values()}
    assert pictures == shown | {upload.preview for upload in ready if upload.preview}
    assert all(upload.reason for upload in uploads if upload.status == "rejected")
