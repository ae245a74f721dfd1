"""What our mails say. Each letter is a few plain texts; two frames make HTML and text of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nexus.money import dollars
from nexus.outside.mail import Letter
from nexus.settings import settings

FRAMES = Path(__file__).with_name("frames")

type Data = Mapping[str, Any]


@dataclass(frozen=True)
class Button:
    """`path` is one of the storefront's."""

    label: str
    path: str


@dataclass(frozen=True)
class Words:
    """What a letter says. Plain text throughout: the frames escape it."""

    subject: str
    heading: str
    paragraphs: tuple[str, ...]
    button: Button | None = None
    facts: tuple[tuple[str, str], ...] = ()
    quote: str | None = None
    closing: str | None = None


def letter(template: str, data: Data) -> Letter:
    """The letter of this template. Raises `KeyError` for one that there is not."""
    words = LETTERS[template](data)
    html, text = framed("letter.html", words=words), framed("letter.txt", words=words)
    return Letter(words.subject, html, text, template)


def framed(frame: str, **values: object) -> str:
    """One of the frames with these values in it."""
    text: str = _frames().get_template(frame).render(storefront=settings().storefront_url, **values)
    return text


@cache
def _frames() -> Any:
    from jinja2 import (  # only who sends mails waits for the import
        Environment,
        FileSystemLoader,
        StrictUndefined,
        select_autoescape,
    )

    return Environment(
        loader=FileSystemLoader(FRAMES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _money(cents: int) -> str:
    return f"${dollars(cents):,.2f}"


def _welcome(data: Data) -> Words:
    return Words(
        "Welcome to Nexus Models!",
        f"Welcome, {data['name']}!",
        (
            "Your account is ready. Browse models that others have made, buy what you need and"
            " download it at once.",
            "You make models yourself? Upload one: we inspect it, draw its pictures and put it on"
            " sale as soon as it has been reviewed.",
        ),
        Button("Explore the models", "/models"),
    )


def _verify_email(data: Data) -> Words:
    return Words(
        "Please Confirm Your Email Address",
        "Is this your address?",
        (f"Hello {data['name']}, please confirm that mail to this address reaches you.",),
        Button("Confirm my address", f"/verify-email?token={data['token']}"),
        closing="The link is good for one day. If you have not registered, do nothing.",
    )


def _reset_password(data: Data) -> Words:
    return Words(
        "Reset Your Password",
        "A new password",
        (f"Hello {data['name']}, someone, hopefully you, has asked to set a new password.",),
        Button("Set a new password", f"/reset-password?token={data['token']}"),
        closing="The link is good for half an hour and works once. If it was not you, do nothing:"
        " your password stays as it is.",
    )


def _model_approved(data: Data) -> Words:
    return Words(
        "Your Model Has Been Approved!",
        "Your model is on sale",
        (f"Good news: “{data['model_name']}” has been approved and is on sale from now on.",),
        Button("See it in the catalogue", f"/models/{data['model_id']}"),
    )


def _model_rejected(data: Data) -> Words:
    return Words(
        "Model Review Update",
        "Your model needs another look",
        (f"We have reviewed “{data['model_name']}” and cannot put it on sale yet. The reason:",),
        Button("Edit and submit again", f"/models/{data['model_id']}"),
        quote=data["reason"],
        closing="Once you have changed it, it comes to review again.",
    )


def _sale_notification(data: Data) -> Words:
    return Words(
        "You Made a Sale!",
        "You made a sale!",
        (f"Someone has just bought “{data['model_name']}”. Congratulations!",),
        Button("See your sales", "/account/sales"),
        facts=(
            ("Price", _money(data["amount_cents"])),
            ("Your revenue", _money(data["revenue_cents"])),
        ),
    )


def _purchase_confirmation(data: Data) -> Words:
    return Words(
        "Purchase Confirmation",
        "It is yours",
        (
            f"Thank you for buying “{data['model_name']}”. You can download its files whenever you"
            " like.",
        ),
        Button("Download it", f"/models/{data['model_id']}"),
    )


def _bounty_application(data: Data) -> Words:
    return Words(
        "Someone Applied for Your Bounty",
        "Someone applied",
        (f"Someone has offered to make what you ask for in “{data['bounty_title']}”.",),
        Button("See who applied", f"/bounties/{data['bounty_id']}"),
        closing="You choose among all who apply, until the deadline if there is one.",
    )


def _bounty_awarded(data: Data) -> Words:
    return Words(
        "You Were Chosen for a Bounty!",
        "You were chosen!",
        (f"Out of all who applied for “{data['bounty_title']}”, you were chosen. Good luck!",),
        Button("Open the bounty", f"/bounties/{data['bounty_id']}"),
    )


def _bounty_completed(data: Data) -> Words:
    return Words(
        "Your Bounty Is Complete!",
        "Well done!",
        (f"What you made for “{data['bounty_title']}” was accepted.",),
        Button("Open the bounty", f"/bounties/{data['bounty_id']}"),
    )


def _bounty_closed(data: Data) -> Words:
    return Words(
        "Your Bounty Was Closed",
        "Your bounty was closed",
        (f"“{data['bounty_title']}” has been closed without a winner.",),
        Button("Open the bounty", f"/bounties/{data['bounty_id']}"),
    )


LETTERS: dict[str, Callable[[Data], Words]] = {
    "welcome": _welcome,
    "verify_email": _verify_email,
    "reset_password": _reset_password,
    "model_approved": _model_approved,
    "model_rejected": _model_rejected,
    "sale_notification": _sale_notification,
    "purchase_confirmation": _purchase_confirmation,
    "bounty_application": _bounty_application,
    "bounty_awarded": _bounty_awarded,
    "bounty_completed": _bounty_completed,
    "bounty_closed": _bounty_closed,
}
