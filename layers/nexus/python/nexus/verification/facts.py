"""What must be true of all facts together (the I-numbers of our threat model).

They are read once, a partition at a time, and no more of them is kept than what is compared.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from nexus.accounts.names import email_key, username_key
from nexus.table import keys
from nexus.table.bounties import ApplicationItem, BountyItem, DeadlineItem
from nexus.table.catalogue import ModelItem
from nexus.table.disbursements import DisbursedItem, DisbursementItem
from nexus.table.items import Item
from nexus.table.keys import Key
from nexus.table.payments import Book, CheckoutItem, EventItem, PaymentItem
from nexus.table.purchases import (
    PROVIDER,
    LedgerItem,
    OwnedItem,
    TransactionItem,
    account_of_seller,
)
from nexus.table.uploads import UploadItem
from nexus.table.users import ReservationItem, UserItem
from nexus.verification.books import findings_in

OPEN, KEPT = "pending", {"owned", "suspended"}


class Sale(NamedTuple):
    id: int
    buyer_id: int
    seller_id: int
    model_id: int
    status: str
    entitlement: str


class Claim(NamedTuple):
    """That a buyer has, or is paying for, a model because of a sale."""

    buyer_id: int
    model_id: int
    transaction_id: int


@dataclass
class Facts:
    checked: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    owned: Counter[Claim] = field(default_factory=Counter)
    open: Counter[Claim] = field(default_factory=Counter)
    references: defaultdict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    pointers: dict[Key, int] = field(default_factory=dict)
    makers: dict[int, tuple[int, bool]] = field(default_factory=dict)
    made_of: list[tuple[int, int, int]] = field(default_factory=list)
    uploads: dict[int, tuple[str, int | None, int]] = field(default_factory=dict)
    held: dict[Key, int] = field(default_factory=dict)
    names: list[tuple[Key, int]] = field(default_factory=list)
    due: Counter[Key] = field(default_factory=Counter)
    disbursed: Counter[int] = field(default_factory=Counter)

    def take(self, partition: list[Item]) -> None:
        """Look at all items with one partition key."""
        found: defaultdict[type[Item], list[Any]] = defaultdict(list)
        for item in partition:
            self.checked[type(item).__name__.removesuffix("Item")] += 1
            found[type(item)].append(item)
            self._keep(item)
        self._keep_books(partition[0].pk, found)
        for bounty in found[BountyItem]:
            self._keep_bounty(bounty, {each.user_id for each in found[ApplicationItem]})

    def _keep_books(self, pk: str, found: Mapping[type[Item], list[Any]]) -> None:
        """I1, I3"""
        events, ledger = found[EventItem], found[LedgerItem]
        behind = [*found[TransactionItem], *found[DisbursementItem]]
        for sale in found[TransactionItem]:
            self._keep_sale(sale)
            self.found += findings_in(Book(sale, events, ledger))
        for disbursement in found[DisbursementItem]:
            self._keep_disbursement(disbursement, ledger)
        if (events or ledger) and not behind:
            self.found.append(f"I3 {pk}: something is booked, and there is no sale")

    def _keep(self, item: Item) -> None:
        match item:
            case OwnedItem():
                self.owned[Claim(item.buyer_id, item.model_id, item.transaction_id)] += 1
            case CheckoutItem():
                self.open[Claim(item.buyer_id, item.model_id, item.transaction_id)] += 1
            case PaymentItem():
                self.pointers[item.key] = item.transaction_id
            case ModelItem():
                self.makers[item.id] = item.creator_id, _was_reviewed(item)
                uploads = {*item.upload_ids, *item.of_files(newest=False)["upload_ids"]}
                self.made_of += [(item.id, item.creator_id, each) for each in uploads]
            case UploadItem():
                self.uploads[item.id] = item.status, item.model_id, item.owner_id
            case ReservationItem():
                self.held[item.key] = item.user_id
            case UserItem(is_erased=False):
                self.names.append((keys.email(email_key(item.email)), item.id))
                self.names.append((keys.username(username_key(item.username)), item.id))
            case DisbursedItem():
                self.disbursed[item.user_id] -= item.cents
            case DeadlineItem():
                self.due[item.key] -= 1

    def _keep_sale(self, sale: TransactionItem) -> None:
        about = (sale.id, sale.buyer_id, sale.seller_id, sale.model_id)
        self.sales.append(Sale(*about, sale.status, sale.entitlement))
        if sale.payment_reference:
            self.references[keys.payment(sale.payment_reference)].append(sale.id)

    def _keep_disbursement(self, disbursement: DisbursementItem, ledger: list[LedgerItem]) -> None:
        seller, cents = account_of_seller(disbursement.user_id), disbursement.amount_cents
        booked = Counter({line.account: line.amount_cents for line in ledger})
        if len(ledger) != len(booked) or booked != {seller: -cents, PROVIDER: cents}:
            self.found.append(f"I3 disbursement {disbursement.id}: {cents} is booked as {booked}")
        self.disbursed[disbursement.user_id] += cents

    def _keep_bounty(self, bounty: BountyItem, applicants: set[int]) -> None:
        """I19; the platform keeps no escrow"""
        won = bounty.status in {"In Progress", "Completed"}
        winner = bounty.winner_id
        problems = {
            f"it is {bounty.status}, its winner {winner}": (winner is not None) != won,
            "its winner has not applied": winner is not None and winner not in applicants,
            "its creator has applied": bounty.creator_id in applicants,
            "it is listed as something else": (bounty.gsi2_pk, bounty.gsi2_sk)
            != keys.bounty_in(bounty.status, bounty.id),
        }
        self.found += [f"I19 bounty {bounty.id}: {why}" for why, is_so in problems.items() if is_so]
        if bounty.due:
            self.due[keys.deadline(bounty.due, bounty.id)] += 1

    def compared(self) -> Iterator[str]:
        """What does not fit together; to be asked once all was taken."""
        yield from self._entitlements()
        yield from self._payments()
        yield from self._names()
        yield from self._models()
        for user_id, cents in self.disbursed.items():
            if cents:
                yield f"I3 user {user_id}: {cents} more was disbursed than their sum says"
        for key, differs in self.due.items():
            if differs:
                yield f"I19 {key.sk}: a deadline {'is missing' if differs > 0 else 'is left over'}"

    def _entitlements(self) -> Iterator[str]:
        """I4, and a payment under way is the only one of its buyer for its model"""
        kept = Counter(_claim(sale) for sale in self.sales if sale.entitlement in KEPT)
        paying = Counter(_claim(sale) for sale in self.sales if sale.status == OPEN)
        for what, stored, right in (("owned", self.owned, kept), ("open", self.open, paying)):
            for claim in sorted((stored - right) + (right - stored)):
                yield f"I4 {what} {stored[claim]} times, should be {right[claim]}: {claim}"
            pairs = Counter((claim.buyer_id, claim.model_id) for claim in right.elements())
            for pair, times in pairs.items():
                if times > 1:
                    yield f"I4 buyer and model {pair}: {what} {times} times at once"

    def _payments(self) -> Iterator[str]:
        """I5, I6"""
        for sale in self.sales:
            creator_id, reviewed = self.makers.get(sale.model_id, (0, False))
            if not sale.seller_id == creator_id != sale.buyer_id:
                yield f"I5 transaction {sale.id}: bought by {sale.buyer_id} from {creator_id}"
            if not reviewed:
                yield f"I5 transaction {sale.id}: its model's files were never approved"
        for reference, transactions in self.references.items():
            if len(transactions) > 1:
                yield f"I6 {reference.pk} is for several transactions: {transactions}"
        for key, transaction_id in self.pointers.items():
            if self.references.get(key) != [transaction_id]:
                yield f"I6 {key.pk} does not lead back from transaction {transaction_id}"

    def _names(self) -> Iterator[str]:
        """I15"""
        holders: defaultdict[Key, set[int]] = defaultdict(set)
        for key, user_id in self.names:
            holders[key].add(user_id)
        for key in holders.keys() | self.held.keys():
            held = {self.held[key]} if key in self.held else set[int]()
            if held != holders.get(key, set()) or len(held) != 1:
                yield f"I15 {key.pk} is held by {held} and is the name of {holders.get(key)}"

    def _models(self) -> Iterator[str]:
        """I12, as far as models go"""
        for model_id, creator_id, upload_id in self.made_of:
            if self.uploads.get(upload_id) != ("ready", model_id, creator_id):
                found = self.uploads.get(upload_id)
                yield f"I12 model {model_id} is made of upload {upload_id}, which is {found}"


def _was_reviewed(model: ModelItem) -> bool:
    """Whether what buyers get of it was approved."""
    waits = model.status in {"pending", "rejected"}
    return model.version > 1 and (model.approved is not None or not waits)


def _claim(sale: Sale) -> Claim:
    return Claim(sale.buyer_id, sale.model_id, sale.id)


def look_at(items: Iterable[Item]) -> Facts:
    """All that is wrong with these items, those of a partition one after the other."""
    facts = Facts()
    for _, partition in groupby(items, lambda item: item.pk):
        facts.take(list(partition))
    facts.found += facts.compared()
    return facts
