"""Purchases: who may buy what, the facts of a sale, and what it entitles to."""

from datetime import datetime, timedelta
from typing import Literal

from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Download, Downloads
from nexus.errors import Conflict, Forbidden, NotFound
from nexus.ids import new_id
from nexus.money import FEE_PER_MILLE, platform_fee
from nexus.outside import files, payments
from nexus.outside.payments import Payment, PaymentsClosed, Quote
from nexus.purchases.schemas import Purchase, Transaction
from nexus.table.catalogue import ModelItem, find_models
from nexus.table.items import Put, Start
from nexus.table.outbox import owe_mail, record_deed
from nexus.table.purchases import (
    AlreadyOwned,
    LedgerItem,
    TransactionItem,
    bought_by,
    find_ownership,
    find_transaction,
    record_refund,
    record_sale,
    sold_by,
)
from nexus.table.users import UserItem, find_user

type Entry = Literal["sale", "refund"]

ALREADY_OWNED = "You already own this model"


def buy(model_id: int, *, buyer: UserItem, transaction_id: int, now: datetime) -> TransactionItem:
    """Sell a model to a buyer, once, at the price it has now.

    Raises `NotFound` for what is not on sale and `Conflict` for one's own or an owned model.
    The same `transaction_id` again (a retry) answers with the sale that it made.
    """
    model = _on_sale(model_id, buyer)
    if owned := find_ownership(buyer.id, model_id):
        return _earlier_sale(owned.transaction_id, transaction_id)
    quote = _quote(model, transaction_id)
    try:
        payment = payments.charge(quote)
    except PaymentsClosed:
        raise Conflict("Payments are not open yet; only free models can be had") from None
    sale = TransactionItem.of(
        transaction_id,
        model.creator_id,
        now,
        amount_cents=quote.amount_cents,
        fee_cents=quote.fee_cents,
        net_cents=quote.net_cents,
        fee_per_mille=FEE_PER_MILLE,
        buyer_id=buyer.id,
        model_id=model_id,
        model_version=quote.model_version,
        status=payment.status,
        payment_method=payment.method,
        payment_reference=payment.reference,
    )
    try:
        record_sale(sale, _ledger(sale, "sale", now), *_mails(sale, model, now))
    except AlreadyOwned:
        raise Conflict(ALREADY_OWNED) from None
    return sale


def _on_sale(model_id: int, buyer: UserItem) -> ModelItem:
    model = catalogue.get_model(model_id)
    if model.creator_id == buyer.id:
        raise Conflict("You made this model; it is yours already")
    seller = find_user(model.creator_id)
    if model.status != "approved" or seller is None or seller.is_banned:
        raise NotFound(catalogue.NOT_FOUND)
    return model


def _earlier_sale(owned_by: int, transaction_id: int) -> TransactionItem:
    sale = find_transaction(owned_by) if owned_by == transaction_id else None
    if sale is None:
        raise Conflict(ALREADY_OWNED)
    return sale


def _quote(model: ModelItem, transaction_id: int) -> Quote:
    amount = model.price_cents
    return Quote(
        transaction_id=transaction_id,
        model_id=model.id,
        model_version=model.version,
        amount_cents=amount,
        fee_cents=platform_fee(amount),
    )


def _ledger(sale: TransactionItem, entry: Entry, now: datetime) -> list[LedgerItem]:
    """Double entry: what the buyer pays is what the seller and the platform get.

    A refund is the same the other way round; no line is ever changed.
    """
    sign = -1 if entry == "refund" else 1
    lines = {
        f"buyer {sale.buyer_id}": -sale.amount_cents,
        f"seller {sale.seller_id}": sale.net_cents,
        "platform": sale.fee_cents,
    }
    return [
        LedgerItem.of(sale, entry, account, sign * amount, now) for account, amount in lines.items()
    ]


def _mails(sale: TransactionItem, model: ModelItem, now: datetime) -> list[Put]:
    cause = f"SALE-{sale.id}"
    sold = {
        "model_id": model.id,
        "model_name": model.name,
        "amount_cents": sale.amount_cents,
        "revenue_cents": sale.net_cents,
    }
    bought = {"model_id": model.id, "model_name": model.name}
    return [
        owe_mail(cause, "sale_notification", sale.seller_id, sold, now),
        owe_mail(cause, "purchase_confirmation", sale.buyer_id, bought, now),
    ]


def downloads(model_id: int, *, user: UserItem, now: datetime) -> Downloads:
    """Links to the files of a model, for whoever is entitled to them.

    Raises `NotFound` and `Forbidden`. Buyers keep what they own, whatever becomes of the model.
    """
    model = catalogue.get_model(model_id)
    if not _entitled(model, user):
        if model.status != "approved":
            raise NotFound(catalogue.NOT_FOUND)
        raise Forbidden("Buy this model to download it")
    expires_at = now + timedelta(seconds=files.DOWNLOAD_SECONDS)
    return Downloads(
        files=[
            Download(
                format=file["format"],
                filename=file["filename"],
                size=file["size"],
                sha256=file["sha256"],
                url=files.presign_download(file["key"], file["filename"]),
                expires_at=expires_at,
            )
            for file in model.files
        ]
    )


def _entitled(model: ModelItem, user: UserItem) -> bool:
    if user.is_admin or user.id == model.creator_id:
        return True
    return find_ownership(user.id, model.id) is not None


def purchases_of(buyer_id: int, start: Start, limit: int) -> tuple[list[Purchase], Start]:
    """A page of what someone bought, newest first."""
    sales, following = bought_by(buyer_id, start, limit)
    found = find_models([sale.model_id for sale in sales])
    models = {model.id: model for model in catalogue.present(list(found.values()))}
    purchases = [
        Purchase.model_validate({**Transaction.fields_of(sale), "model": models[sale.model_id]})
        for sale in sales
    ]
    return purchases, following


def sales_of(seller_id: int, start: Start, limit: int) -> tuple[list[Transaction], Start]:
    """A page of someone's sales, newest first."""
    sales, following = sold_by(seller_id, start, limit)
    return [Transaction.of(sale) for sale in sales], following


def refund(transaction_id: int, *, admin: UserItem, now: datetime) -> Transaction:
    """Give a buyer's money back; the model is theirs no more.

    Raises `NotFound`, and `Conflict` for what is not completed or was refunded before.
    """
    sale = find_transaction(transaction_id)
    if sale is None:
        raise NotFound("Transaction not found")
    if sale.status != "completed":
        raise Conflict(f"This transaction is {sale.status}")
    payments.refund(Payment(sale.payment_method, sale.payment_reference, "completed"))
    deed = record_deed(
        new_id(now), admin.id, "transaction.refund", f"transaction {transaction_id}", None, now
    )
    if not record_refund(sale, _ledger(sale, "refund", now), deed):
        raise Conflict("This transaction was refunded at this moment")
    sale.status = "refunded"
    return Transaction.of(sale)
