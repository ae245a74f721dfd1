"""Registration, login and the life of a session."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from nexus.accounts import mailed
from nexus.accounts import service as accounts
from nexus.accounts.schemas import (
    Credentials,
    EmailAddress,
    MailedToken,
    NewPassword,
    RefreshToken,
    Registration,
    Tokens,
)
from nexus.schema import Message
from nexus.web.app import answers, router
from nexus.web.idempotency import AnyonesNewId
from nexus.web.identity import Anyone, Now, SourceAddress

auth = router("/api/auth", "accounts")

FORM = "application/x-www-form-urlencoded"
LOGIN_BODIES = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Credentials.model_json_schema()},
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["username", "password"],
                    "properties": {
                        "grant_type": {"type": "string", "pattern": "^password$"},
                        "username": {"type": "string", "description": "The email address"},
                        "password": {"type": "string", "format": "password"},
                        "scope": {"type": "string"},
                    },
                }
            },
        },
    }
}


@auth.post(
    "/register",
    status_code=201,
    response_model=Tokens,
    dependencies=[Anyone],
    responses=answers(409, 429),
)
async def register(wanted: Registration, user_id: AnyonesNewId, now: Now) -> Tokens:
    """Open an account; 409 when the email address or username is taken."""
    return accounts.register(wanted, user_id=user_id, now=now)


async def credentials(request: Request) -> Credentials:
    """From JSON, or from the password form of OAuth 2 (RFC 6749 §4.3.2)."""
    try:
        if request.headers.get("content-type", "").lower().startswith(FORM):
            form = await request.form(max_files=0, max_fields=20)
            shown = {"email": form.get("username"), "password": form.get("password")}
            return Credentials.model_validate(shown)
        return Credentials.model_validate_json(await request.body())
    except ValidationError as error:
        errors = error.errors(include_url=False, include_context=False, include_input=False)
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in errors]
        ) from None


@auth.post(
    "/login",
    response_model=Tokens,
    dependencies=[Anyone],
    openapi_extra=LOGIN_BODIES,
    responses=answers(401, 429),
)
async def login(
    shown: Annotated[Credentials, Depends(credentials)], address: SourceAddress, now: Now
) -> Tokens:
    """Open a session; 401 when address and password do not belong together."""
    return accounts.login(shown, address=address, now=now)


@auth.post("/refresh", response_model=Tokens, dependencies=[Anyone], responses=answers(401))
async def refresh(shown: RefreshToken, now: Now) -> Tokens:
    """New tokens for a refresh token. One that is shown a second time ends its session."""
    return accounts.refresh(shown.refresh_token, now=now)


@auth.post("/logout", status_code=204, dependencies=[Anyone])
async def logout(shown: RefreshToken) -> Response:
    """End the session of a refresh token, its access tokens included."""
    accounts.logout(shown.refresh_token)
    return Response(status_code=204)


@auth.post("/verify-email", response_model=Message, dependencies=[Anyone], responses=answers(409))
async def verify_email(shown: MailedToken, now: Now) -> Message:
    """Prove that mail to one's address arrives, with the token of the link in it."""
    mailed.verify_email(shown.token, now=now)
    return Message(message="Email address verified")


@auth.post("/forgot-password", status_code=202, response_model=Message, dependencies=[Anyone])
async def forgot_password(wanted: EmailAddress, now: Now) -> Message:
    """Have a link mailed to set a new password; answers alike whoever holds the address."""
    mailed.forgot_password(wanted.email, now=now)
    return Message(message="If an account has this address, a mail is on its way")


@auth.post("/reset-password", response_model=Message, dependencies=[Anyone], responses=answers(409))
async def reset_password(wanted: NewPassword, now: Now) -> Message:
    """Set a new password with the token of the link; all sessions end."""
    mailed.reset_password(wanted.token, wanted.password, now=now)
    return Message(message="Password changed")
