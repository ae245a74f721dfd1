"""Purchases: who may buy what, the facts of a sale, and what it entitles to."""

from datetime import datetime, timedelta

from nexus.catalogue import service as catalogue
from nexus.catalogue.schemas import Download, Downloads
from nexus.discounts import service as discounts
from nexus.errors import Conflict, Forbidden, NotFound
from nexus.money import FEE_PER_MILLE, platform_fee
from nexus.outside import files, payments
from nexus.outside.payments import NotByCard, Payment, PaymentsClosed
from nexus.payouts.service import destination_of
from nexus.purchases import paying
from nexus.purchases.events import complete, sale_mails
from nexus.purchases.schemas import Booking, Purchase, Transaction
from nexus.table import keys
from nexus.table.catalogue import ModelItem, find_models
from nexus.table.discounts import DiscountItem, use_discount
from nexus.table.items import ConditionFailed, Start, Step, create, find_by_id
from nexus.table.payments import find_checkout, no_checkout
from nexus.table.purchases import (
    AlreadyOwned,
    TransactionItem,
    booked_for,
    bought_by,
    find_ownership,
    find_transaction,
    note_download,
    record_sale,
    sold_by,
    unpaid_by,
)
from nexus.table.users import UserItem, find_user

NOT_FOUND = "Transaction not found"
ALREADY_OWNED = "You already own this model"


def buy(
    model_id: int,
    *,
    buyer: UserItem,
    transaction_id: int,
    now: datetime,
    code: str | None = None,
) -> tuple[TransactionItem, Payment | None]:
    """Sell a model to a buyer, once, at the price it has now; with what is left to be paid.

    Raises `NotFound` for what is not on sale and `Conflict` for one's own or an owned model, and
    for a discount code that is no good.
    The same `transaction_id` again (a retry) answers with the sale that it made, and so does
    every try while a payment is under way: what was quoted is what is paid.
    """
    model = _on_sale(model_id, buyer)
    if owned := find_ownership(buyer.id, model_id):
        return _earlier_sale(owned.transaction_id, transaction_id), None
    checkout = find_checkout(buyer.id, model_id)
    if checkout and (resumed := paying.resume(checkout, now=now)):
        return resumed
    sale = _quoted(model, buyer, transaction_id, now, code)
    uses = [use_discount(sale.seller_id, sale.discount_code)] if sale.discount_code else []
    try:
        if payments.at_once(sale.payment_method):
            return _sell_at_once(sale, model, now, *uses), None
        return paying.begin(sale, *uses, now=now)
    except ConditionFailed as failure:
        used_up = any(isinstance(step.item, DiscountItem) for step in failure.steps)
        raise Conflict(discounts.NO_GOOD if used_up else paying.BUSY) from failure


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


def _quoted(
    model: ModelItem, buyer: UserItem, transaction_id: int, now: datetime, code: str | None
) -> TransactionItem:
    """A sale on the terms of this moment; they never change."""
    amount = discounts.amount_of(model, code, now)
    try:
        method = payments.method_of(amount)
    except PaymentsClosed:
        raise Conflict("Payments are not open yet; only free models can be had") from None
    except NotByCard as why:
        raise Conflict(f"This cannot be sold at this price: {why}") from why
    fee = platform_fee(amount)
    return TransactionItem.of(
        transaction_id,
        model.creator_id,
        now,
        amount_cents=amount,
        fee_cents=fee,
        net_cents=amount - fee,
        fee_per_mille=FEE_PER_MILLE,
        buyer_id=buyer.id,
        model_id=model.id,
        model_version=model.version,
        status="pending",
        payment_method=method,
        livemode=payments.livemode(),
        discount_code=code.upper() if code and amount < model.price_cents else None,
        discount_cents=model.price_cents - amount,
        destination=None if payments.at_once(method) else destination_of(model.creator_id),
    )


def _sell_at_once(
    sale: TransactionItem, model: ModelItem, now: datetime, *uses: Step
) -> TransactionItem:
    event, ledger = complete(sale, now)
    also: list[Step] = [no_checkout(sale), *sale_mails(sale, model, now), *uses]
    try:
        record_sale(sale, ledger, create(event), *also)
    except AlreadyOwned:
        raise Conflict(ALREADY_OWNED) from None
    return sale


def downloads(model_id: int, *, user: UserItem, now: datetime) -> Downloads:
    """Links to the files of a model, for whoever is entitled to them.

    Buyers keep what they own, whatever becomes of the model, and get the files that were approved
    last; its creator and admins get the newest ones. Raises `NotFound` and `Forbidden`.
    """
    model = catalogue.get_model(model_id)
    if not _entitled(model, user, now):
        catalogue.require_visible(model, user)
        raise Forbidden("Buy this model to download it")
    products = model.of_files(newest=catalogue.concerns(model, user))["files"]
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
            for file in products
        ]
    )


def _entitled(model: ModelItem, user: UserItem, now: datetime) -> bool:
    """Whether someone may download a model; that a buyer does is kept, as it ends their returns."""
    owned = find_ownership(user.id, model.id)
    if owned is not None and not owned.suspended:
        return note_download(owned, now)
    return catalogue.concerns(model, user)


def purchase_of(transaction_id: int, buyer: UserItem) -> Purchase:
    """One of someone's purchases, in every status. Raises `NotFound`, also for those of others."""
    sale = find_transaction(transaction_id)
    if sale is None or sale.buyer_id != buyer.id:
        raise NotFound(NOT_FOUND)
    [model] = catalogue.present_to_buyers([catalogue.get_model(sale.model_id)])
    return Purchase.model_validate({**Transaction.fields_of(sale), "model": model})


def purchases_of(buyer_id: int, start: Start, limit: int) -> tuple[list[Purchase], Start]:
    """A page of what someone paid for, newest first; also what was given back since."""
    sales, following = bought_by(buyer_id, start, limit)
    return _with_models(sales), following


def unpaid_of(buyer_id: int, start: Start, limit: int) -> tuple[list[Purchase], Start]:
    """A page of what someone began to buy, newest first: not paid yet, or not in time."""
    sales, following = unpaid_by(buyer_id, start, limit)
    return _with_models(sales), following


def _with_models(sales: list[TransactionItem]) -> list[Purchase]:
    found = find_models([sale.model_id for sale in sales])
    models = {model.id: model for model in catalogue.present_to_buyers(list(found.values()))}
    return [
        Purchase.model_validate({**Transaction.fields_of(sale), "model": models[sale.model_id]})
        for sale in sales
    ]


def sales_of(seller_id: int, start: Start, limit: int) -> tuple[list[Transaction], Start]:
    """A page of someone's sales, newest first."""
    sales, following = sold_by(seller_id, start, limit)
    return [Transaction.of(sale) for sale in sales], following


def bookings_of(
    seller_id: int, start: Start, limit: int, period: tuple[datetime, datetime] | None = None
) -> tuple[list[Booking], Start]:
    """A page of what was booked for a seller, newest first."""
    lines, following = booked_for(seller_id, start, limit, period)
    sales = find_by_id(TransactionItem, (keys.transaction(line.transaction_id) for line in lines))
    models = find_models(list({sale.model_id for sale in sales.values()}))
    names = {sale.id: models[sale.model_id].name for sale in sales.values()}
    return [Booking.of(line, names.get(line.transaction_id, "")) for line in lines], following
