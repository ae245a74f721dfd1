"""Sales, what is given back of them, and what is left on the accounts."""

import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from nexus.table.purchases import LedgerItem, TransactionItem
from tests import cloud
from tests.people import Person
from tests.stripe import Stripe


def pay(buyer: Person, model_id: int, provider: Stripe) -> TransactionItem:
    told = buyer.post(f"/api/models/{model_id}/purchase").json()
    provider.pay(told)
    provider.settle()
    return the_sale()


def the_sale() -> TransactionItem:
    [sale] = cloud.of_kind(TransactionItem)
    return sale


def refund(admin: Person, sale_id: int, **wanted: Any) -> tuple[int, Any]:
    """One of its own, though the last may be alike and of this minute."""
    own = {"Idempotency-Key": uuid.uuid4().hex}
    path = f"/api/admin/transactions/{sale_id}/refund"
    answer = admin.post(path, json=wanted or None, headers=own)
    return answer.status_code, answer.json()


def balances() -> dict[str, int]:
    sums: Counter[str] = Counter()
    for line in cloud.of_kind(LedgerItem):
        sums[line.account.split()[0]] += line.amount_cents
    return {account: cents for account, cents in sums.items() if cents}


def may_download(buyer: Person, model_id: int) -> bool:
    return buyer.get(f"/api/models/{model_id}/download").status_code == 200


def paid_sale(cents: int, fee_cents: int) -> TransactionItem:
    """A sale that is in no table."""
    return TransactionItem.of(
        1, 2, datetime.now(UTC), amount_cents=cents, fee_cents=fee_cents,
        net_cents=cents - fee_cents, buyer_id=3, payment_method="stripe",
    )  # fmt: skip
