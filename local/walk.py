"""Walk every call of the API once: `python -m local.walk`, while `make run` is up elsewhere.

Each call is printed with its answer; at the end every operation of /openapi.json must have been
called, and each must have answered as expected. What it makes has names of its own, and what was
there stays as it was.
"""

import argparse
import re
import secrets
import sys
import time
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from local.demo.gallery import mug
from local.people import ADMIN, BUYERS, CREATORS, PASSWORD, Account
from local.walk_mail import campaigns, leaving

INSPECTION_SECONDS = 240.0
POLL_SECONDS = 0.5
ANY_VERSION = {"If-Match": "*"}


class Walk:
    """Calls as different people, what they were answered, and what was surprising."""

    def __init__(self, api: httpx.Client, console: Console) -> None:
        self.api = api
        self.console = console
        self.tokens: dict[str, str] = {}
        self.called: set[tuple[str, str]] = set()
        self.surprises = 0

    def call(self, who: str, method: str, path: str, status: int = 200, **content: Any) -> Any:
        """The JSON of an answer, which is expected to have this status."""
        headers = content.pop("headers", {})
        if token := self.tokens.get(who):
            headers = headers | {"Authorization": f"Bearer {token}"}
        began = time.perf_counter()
        answer = self.api.request(method, path, headers=headers, **content)
        milliseconds = (time.perf_counter() - began) * 1000
        self.called.add((method, path.partition("?")[0]))
        good = answer.status_code == status
        self.surprises += not good
        colour = "green" if good else "red"
        told = "" if good else f"expected {status}: {answer.text[:300]}"
        self.console.print(
            f"[{colour}]{answer.status_code}[/{colour}] {method:6} {path} [dim]as {who},"
            f" {milliseconds:.0f} ms[/dim] {escape(told)}",
            soft_wrap=True,
        )
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.json() if is_json and answer.content else None

    def enter(self, who: str, account: Account) -> None:
        login = {"email": account.email, "password": PASSWORD}
        self.tokens[who] = self.call("anyone", "POST", "/api/auth/login", json=login)[
            "access_token"
        ]

    def register(self, who: str) -> Any:
        name = f"{who}-{secrets.token_hex(4)}"
        wanted = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        tokens = self.call("anyone", "POST", "/api/auth/register", 201, json=wanted)
        self.tokens[who] = tokens["access_token"]
        return tokens


def walk(to: Walk) -> None:
    front(to)
    sessions(to)
    model_id = submission(to)
    review(to, model_id)
    market(to, model_id)
    oneself(to)
    bounties(to)
    numbers(to)
    content(to)
    storefront(to)
    campaigns(to)
    leaving(to)
    users(to)
    to.call("creator", "DELETE", f"/api/models/{model_id}", 204)


def front(to: Walk) -> None:
    for path in ("/", "/api/models", "/api/models/", "/api/bounties", "/api/homepage"):
        to.call("anyone", "GET", path)
    for path in ("/api/slider", "/api/categories", "/api/testimonials", "/api/tutorials"):
        to.call("anyone", "GET", path)


def sessions(to: Walk) -> None:
    """Tokens of mails are made up: the mails are another door's business."""
    to.enter("admin", ADMIN)
    to.enter("creator", CREATORS[0])
    to.enter("buyer", BUYERS[0])
    shown = {"refresh_token": to.register("walker")["refresh_token"]}
    renewed = to.call("anyone", "POST", "/api/auth/refresh", json=shown)
    shown = {"refresh_token": renewed["refresh_token"]}
    to.call("anyone", "POST", "/api/auth/logout", 204, json=shown)
    to.register("walker")
    made_up = {"token": "made-up"}
    to.call("anyone", "POST", "/api/auth/verify-email", 422, json=made_up)
    email = {"email": "nobody@example.com"}
    to.call("anyone", "POST", "/api/auth/forgot-password", 202, json=email)
    reset = made_up | {"password": PASSWORD}
    to.call("anyone", "POST", "/api/auth/reset-password", 422, json=reset)


def submission(to: Walk) -> int:
    """From a file to a model that waits for review: its id."""
    file = mug.MODEL.build()
    wanted = {"filename": mug.MODEL.filename, "size": len(file)}
    form = to.call("creator", "POST", "/api/uploads", 201, json=wanted)
    sent = httpx.post(
        form["url"], data=form["fields"], files={"file": file}, timeout=60, trust_env=False
    )
    to.console.print(f"{sent.status_code} POST   {form['url']} [dim]the file, to S3[/dim]")
    inspected(to, form["id"])
    to.call("creator", "POST", f"/api/uploads/{form['id']}/complete", 409)
    to.call("creator", "POST", "/api/inspect", 201, json=wanted)
    model = {
        "name": "A walker's mug",
        "price": 4.5,
        "category": mug.MODEL.category,
        "upload_ids": [form["id"]],
    }
    return int(to.call("creator", "POST", "/api/models", 201, json=model)["id"])


def inspected(to: Walk, upload_id: int) -> None:
    """Wait for the verdict, and have it told once."""
    path = f"/api/uploads/{upload_id}"
    headers = {"Authorization": f"Bearer {to.tokens['creator']}"}
    deadline = time.monotonic() + INSPECTION_SECONDS
    with to.console.status("The file is being inspected …"):
        while time.monotonic() < deadline:
            upload = to.api.get(path, headers=headers).json()
            if upload["status"] in {"ready", "rejected"}:
                break
            time.sleep(POLL_SECONDS)
    to.call("creator", "GET", path)


def review(to: Walk, model_id: int) -> None:
    path = f"/api/admin/models/{model_id}"
    to.call("anyone", "GET", f"/api/models/{model_id}", 404)
    to.call("creator", "PATCH", f"/api/models/{model_id}", json={"price": 5}, headers=ANY_VERSION)
    to.call("admin", "GET", "/api/admin/models/pending")
    to.call("admin", "POST", f"{path}/approve")
    to.call("admin", "POST", f"{path}/reject?reason=Too+late", 409)
    to.call("admin", "PATCH", path, json={"is_featured": True}, headers=ANY_VERSION)
    to.call("admin", "GET", f"{path}/history")


def market(to: Walk, model_id: int) -> None:
    path = f"/api/models/{model_id}"
    for end in ("", "/related", "/reviews", "/price"):
        to.call("anyone", "GET", f"{path}{end}")
    for found in ("?search=mug", "/facets?search=mug", "/suggest?q=mu"):
        to.call("anyone", "GET", f"/api/models{found}")
    to.call("buyer", "POST", f"{path}/like")
    to.call("buyer", "DELETE", f"{path}/like")
    to.call("buyer", "GET", f"{path}/download", 403)
    sale = to.call("buyer", "POST", f"{path}/purchase")["transaction_id"]
    to.call("buyer", "POST", f"{path}/purchase", 409)
    to.call("buyer", "GET", f"{path}/download")
    to.call("buyer", "POST", f"{path}/reviews", 201, json={"rating": 5, "text": "Holds tea."})
    to.call("admin", "POST", f"/api/admin/transactions/{sale}/refund")
    sale = to.call("walker", "POST", f"{path}/purchase")["transaction_id"]
    to.call("walker", "GET", f"/api/users/me/purchases/{sale}")
    to.call("walker", "GET", f"/api/users/me/purchases/{sale}/receipt")
    to.call("walker", "POST", f"/api/users/me/purchases/{sale}/refund")
    to.call("anyone", "POST", "/api/webhooks/stripe", 400, json={"not": "signed"})


def oneself(to: Walk) -> None:
    for name in ("", "/purchases", "/likes", "/models", "/sales", "/notifications", "/export"):
        to.call("creator", "GET", f"/api/users/me{name}")
    for name in ("/statement", "/statement.csv", "/discounts"):
        to.call("creator", "GET", f"/api/users/me{name}")
    code = secrets.token_hex(4).upper()
    discount = {"code": code, "percent": 10}
    to.call("creator", "POST", "/api/users/me/discounts", 201, json=discount)
    to.call("creator", "DELETE", f"/api/users/me/discounts/{code}", 204)
    to.call("creator", "GET", "/api/users/me/payouts")
    to.call("creator", "POST", "/api/users/me/payouts/onboarding", 409)
    to.call("walker", "POST", "/api/users/me/notifications/read", json={})
    change = {"full_name": "A Walker"}
    to.call("walker", "PATCH", "/api/users/me", json=change, headers=ANY_VERSION)


def bounties(to: Walk) -> None:
    wanted = {"title": "A saucer", "description": "For the mug.", "budget": 20}
    path = f"/api/bounties/{to.call('buyer', 'POST', '/api/bounties', 201, json=wanted)['id']}"
    to.call("anyone", "GET", path)
    to.call("buyer", "PATCH", path, json={"budget": 25}, headers=ANY_VERSION)
    to.call("walker", "POST", f"{path}/apply", 201, json={"message": "With pleasure."})
    [application] = to.call("buyer", "GET", f"{path}/applications")
    to.call("buyer", "POST", f"{path}/award", json={"user_id": application["user_id"]})
    to.call("buyer", "POST", f"{path}/complete")
    to.call("buyer", "POST", f"{path}/close", 409)


def numbers(to: Walk) -> None:
    for name in ("stats", "revenue", "revenue/series?interval=day", "analytics", "audit"):
        to.call("admin", "GET", f"/api/admin/{name}")
    to.call("admin", "POST", "/api/admin/verification", 202)
    to.call("admin", "GET", "/api/admin/verification")
    to.call("buyer", "GET", "/api/admin/stats", 403)
    to.call("anyone", "GET", "/api/admin/stats", 401)


def content(to: Walk) -> None:
    tutorial = {
        "title": "Walking",
        "content": "# One step",
        "category": "Beginner",
        "published": True,
    }
    testimonial = {"author": "A Walker", "text": "Went well.", "rating": 5}
    category = {"name": f"Walks {secrets.token_hex(2)}", "enabled": False}
    for kind, wanted, change in (
        ("tutorials", tutorial, {"title": "Walking on"}),
        ("testimonials", testimonial, {"rating": 4}),
        ("categories", category, {"order": 99}),
    ):
        to.call("admin", "GET", f"/api/admin/{kind}")
        made = to.call("admin", "POST", f"/api/admin/{kind}", 201, json=wanted)
        path = f"/api/admin/{kind}/{made['id']}"
        to.call("admin", "GET", path)
        to.call("admin", "PATCH", path, json=change, headers=ANY_VERSION)
        if kind == "tutorials":
            to.call("anyone", "GET", f"/api/tutorials/{made['id']}")
        to.call("admin", "DELETE", path, 204)


def storefront(to: Walk) -> None:
    homepage = to.call("admin", "GET", "/api/admin/homepage")
    to.call("admin", "PUT", "/api/admin/homepage", json=homepage)
    slides = [model["id"] for model in to.call("admin", "GET", "/api/admin/slider")]
    to.call("admin", "PUT", "/api/admin/slider", json=slides)


def users(to: Walk) -> None:
    user_id = to.register("guest")["user"]["id"]
    to.call("admin", "GET", "/api/admin/users?search=guest")
    path = f"/api/admin/users/{user_id}"
    to.call("admin", "POST", f"{path}/verify")
    paid = {"amount": 1, "reference": "Nobody owes a guest"}
    to.call("admin", "POST", f"{path}/disbursements", 409, json=paid)
    to.call("anyone", "GET", f"/api/users/{user_id}")
    to.call("anyone", "GET", f"/api/users/{user_id}/models")
    to.call("admin", "POST", f"{path}/ban?reason=A+trial")
    to.call("guest", "GET", "/api/users/me", 401)
    to.call("admin", "DELETE", f"{path}/ban")
    to.call("walker", "DELETE", "/api/users/me", 204)


def forgotten(to: Walk) -> list[str]:
    """The operations of the document that were not called."""
    told = to.api.get("/openapi.json").json()["paths"]
    patterns = {path: re.compile(re.sub(r"\{\w+\}", r"[^/]+", path)) for path in told}
    called = {
        (method, template)
        for method, path in to.called
        for template, pattern in patterns.items()
        if pattern.fullmatch(path.rstrip("/") or "/")
    }
    operations = {(method.upper(), path) for path, methods in told.items() for method in methods}
    return [" ".join(each) for each in sorted(operations - called)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m local.walk", description=__doc__)
    parser.add_argument("--url", default="http://localhost:8000", help="of the API")
    console = Console(highlight=False)
    with httpx.Client(base_url=parser.parse_args().url, timeout=60, trust_env=False) as api:
        to = Walk(api, console)
        walk(to)
        missing = forgotten(to)
    for operation in missing:
        console.print(f"[red]✗[/red] not called: {operation}")
    console.print(f"{len(to.called)} calls, {to.surprises} surprises, {len(missing)} forgotten.")
    return 1 if missing or to.surprises else 0


if __name__ == "__main__":
    sys.exit(main())
