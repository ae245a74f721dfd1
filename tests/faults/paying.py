"""The flows of money that are swept: paying by card, hearing of it, giving it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from nexus.errors import Problem
from nexus.outside import payments, secrets
from nexus.outside.payments import ProviderDown
from nexus.purchases.paying import end_expired
from nexus.purchases.reconciliation import reconcile_payments
from nexus.table.payments import CheckoutItem
from nexus.table.payouts import PayoutAccountItem, PayoutItem
from nexus.table.purchases import OwnedItem, TransactionItem
from tests.faults.flow import Flow, Scene, Try, heard
from tests.faults.kinds import CRASH_AFTER, CRASHES
from tests.faults.local_aws import FIRST_MINUTES
from tests.faults.world import Found, World
from tests.stripe import Stripe, tell

KEY = {"Idempotency-Key": "the-key"}


@dataclass(frozen=True)
class Cards:
    """The flows, before this provider."""

    provider: Stripe

    def a_model_on_sale(self, world: World) -> Scene:
        world.clock.wait(60 * FIRST_MINUTES)  # Stripe signs in the present
        self.provider.forget()
        creator, buyer = world.person("creator"), world.person("buyer")
        admin = world.person("admin", admin=True)
        return Scene(world, {"buyer": buyer, "admin": admin}, world.model(creator, "approved"))

    def buy(self, headers: dict[str, str]) -> Callable[[Scene], Try]:
        def act(scene: Scene) -> Try:
            assert scene.model
            secrets._others.clear()  # the function has just started: it reads Stripe's key first
            path = f"/api/models/{scene.model.id}/purchase"
            answer = scene.people["buyer"].caller.post(path, headers=headers)
            if answer.is_success:
                scene.notes["bought"] = answer.json()
            return heard(answer)

        return act

    def one_is_pending(self, scene: Scene, found: Found) -> bool:
        """And Stripe has one payment for it, which is the one in hand."""
        [sale], [_] = found.of(TransactionItem), found.of(CheckoutItem)
        theirs = [e for e in self.intents() if e["metadata"]["transaction_id"] == str(sale.id)]
        secret = scene.notes["bought"]["payment"]["client_secret"]
        return [each["client_secret"] for each in theirs] == [secret] and sale.status == "pending"

    def intents(self) -> list[Any]:
        listed: list[Any] = self.provider.get("/v1/payment_intents").json()["data"]
        return listed

    def a_payment(self, world: World) -> Scene:
        scene = self.a_model_on_sale(world)
        world.write()
        assert self.buy({})(scene).well
        return scene

    def a_payment_that_was_made(self, world: World) -> Scene:
        scene = self.a_payment(world)
        assert self.provider.pay(scene.notes["bought"]) == 200
        [scene.notes["event"]] = self.provider.fresh()
        return scene

    def hear(self, scene: Scene) -> Try:
        secrets._others.clear()
        return heard(tell(scene.notes["event"]))

    def bought(self, scene: Scene, found: Found) -> bool:
        kept = [(sale.status, sale.buyer_id) for sale in found.of(TransactionItem)]
        return kept == [("completed", scene.people["buyer"].id)] and len(found.of(OwnedItem)) == 1

    def a_sale(self, world: World) -> Scene:
        scene = self.a_payment_that_was_made(world)
        assert self.hear(scene).well
        return scene

    def refund(self, scene: Scene) -> Try:
        path = f"/api/admin/transactions/{scene.notes['bought']['transaction_id']}/refund"
        admin = scene.people["admin"].caller
        secrets._others.clear()
        return heard(admin.post(path, json={"amount": 5}, headers=KEY))

    def given_back_once(self, _scene: Scene, found: Found) -> bool:
        """Here and at Stripe."""
        told = [e for e in self.provider.fresh() if e["type"] == "refund.created"]
        [sale] = found.of(TransactionItem)
        return [e["data"]["object"]["amount"] for e in told] == [sale.refunded_cents] == [500]

    def expire(self, scene: Scene) -> Try:
        secrets._others.clear()
        end_expired(scene.world.clock() + timedelta(minutes=31))
        return Try(ended=True, well=True, told="")

    def a_refund_that_broke_off(self, world: World) -> Scene:
        """It was asked for, and Stripe could not be reached."""
        scene = self.a_sale(world)
        with patch.object(payments, "provider", side_effect=ProviderDown("away")):
            assert not self.refund(scene).well
        return scene

    def compare(self, scene: Scene) -> Try:
        """The daily job, which is started again when it fails."""
        secrets._others.clear()
        try:
            told = reconcile_payments(scene.world.clock())
        except (ProviderDown, Problem) as why:
            return Try(ended=False, well=False, told=repr(why))
        return Try(ended=True, well=not told.differences, told=str(told))

    def a_seller(self, world: World) -> Scene:
        return Scene(world, {"creator": world.person("creator")})

    def open_account(self, scene: Scene) -> Try:
        secrets._others.clear()
        path = "/api/users/me/payouts/onboarding"
        return heard(scene.people["creator"].caller.post(path))

    def one_account_is_kept(self, _scene: Scene, found: Found) -> bool:
        [payout], [account] = found.of(PayoutItem), found.of(PayoutAccountItem)
        return account.pk.endswith(payout.account)

    def failed(self, _scene: Scene, found: Found) -> bool:
        statuses = [sale.status for sale in found.of(TransactionItem)]
        return statuses == ["failed"] and not found.of(CheckoutItem)

    def flows(self) -> list[Flow]:
        return [
            Flow("purchase by card", self.a_model_on_sale, self.buy(KEY), self.one_is_pending),
            Flow(
                "purchase by card, no key",
                self.a_model_on_sale,
                self.buy({}),
                self.one_is_pending,
                only=CRASHES,
            ),
            Flow("webhook of a payment", self.a_payment_that_was_made, self.hear, self.bought),
            Flow("refund through Stripe", self.a_sale, self.refund, self.given_back_once),
            Flow(
                "a seller opens an account",
                self.a_seller,
                self.open_account,
                self.one_account_is_kept,
            ),
            Flow(
                "the books are compared",
                self.a_refund_that_broke_off,
                self.compare,
                self.given_back_once,
                only=(CRASH_AFTER,),
            ),
            Flow("a payment expires", self.a_payment, self.expire, self.failed, only=CRASHES[:2]),
        ]
