"""Access tokens that are not ours in every respect open no door of any group (RFC 8725)."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from nexus.outside.secrets import signing_keys
from tests.functions.web.doors import DOORS
from tests.gateway import Caller
from tests.people import Person

OTHER_KEY = "another key that is long enough for HS256"

type Forge = Callable[[dict[str, Any], dict[str, Any], str], str]


def part(value: object) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def signed(headers: dict[str, Any], claims: dict[str, Any], key: str) -> str:
    return jwt.encode(claims, key, algorithm="HS256", headers=headers)


def with_header(**values: object) -> Forge:
    return lambda headers, claims, key: signed(headers | values, claims, key)


def with_claim(**values: object) -> Forge:
    return lambda headers, claims, key: signed(headers, claims | values, key)


def without_claim(name: str) -> Forge:
    return lambda headers, claims, key: signed(
        headers, {each: value for each, value in claims.items() if each != name}, key
    )


def without_header(name: str) -> Forge:
    def forge(headers: dict[str, Any], claims: dict[str, Any], key: str) -> str:
        if name == "typ":  # PyJWT would put its own
            return signed(headers | {"typ": ""}, claims, key)
        return signed({each: headers[each] for each in headers if each != name}, claims, key)

    return forge


def unsigned(algorithm: str) -> Forge:
    return lambda headers, claims, _: f"{part(headers | {'alg': algorithm})}.{part(claims)}."


def relabelled(algorithm: str) -> Forge:
    """The right signature under a header that names another algorithm."""

    def forge(headers: dict[str, Any], claims: dict[str, Any], key: str) -> str:
        signature = signed(headers, claims, key).rpartition(".")[2]
        return f"{part(headers | {'alg': algorithm})}.{part(claims)}.{signature}"

    return forge


def by_rsa(headers: dict[str, Any], claims: dict[str, Any], key: str) -> str:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims, private, algorithm="RS256", headers=headers)


def longer_hash(headers: dict[str, Any], claims: dict[str, Any], key: str) -> str:
    return jwt.encode(claims, key, algorithm="HS512", headers=headers)


def changed(headers: dict[str, Any], claims: dict[str, Any], key: str) -> str:
    head, _, signature = signed(headers, claims, key).split(".")
    return f"{head}.{part(claims | {'sub': '1'})}.{signature}"


NOW = int(time.time())
CLAIMS = ("exp", "iat", "sub", "jti", "iss", "aud", "ver", "sid")

FORGERIES: dict[str, Forge] = {
    "alg none": unsigned("none"),
    "alg None": unsigned("None"),
    "alg nOnE": unsigned("nOnE"),
    "alg HS256 without signature": unsigned("HS256"),
    "another key": lambda headers, claims, _: signed(headers, claims, OTHER_KEY),
    "an empty key": lambda headers, claims, _: signed(headers, claims, "\0" * 32),
    "RS256": by_rsa,
    "HS512": longer_hash,
    "relabelled HS384": relabelled("HS384"),
    "relabelled none": relabelled("none"),
    "changed subject": changed,
    "typ JWT": with_header(typ="JWT"),
    "typ of a mail link": with_header(typ="reset+jwt"),
    "typ in capitals": with_header(typ="AT+JWT"),
    "no typ": without_header("typ"),
    "no kid": without_header("kid"),
    "unknown kid": with_header(kid="00000000-0000-0000-0000-000000000000"),
    "kid is a path": with_header(kid="../../../../dev/null"),
    "kid is empty": with_header(kid=""),
    "key in the header": with_header(jwk={"kty": "oct", "k": "AAAA"}, kid="jwk"),
    "critical extension": with_header(crit=["nexus"], nexus=1),
    "other audience": with_claim(aud="another-api"),
    "audiences of others": with_claim(aud=["another-api", "a-third"]),
    "other issuer": with_claim(iss="https://evil.example"),
    "expired": with_claim(iat=NOW - 7200, exp=NOW - 3600),
    "expires as text": with_claim(exp="tomorrow"),
    "issued in the future": with_claim(iat=NOW + 3600, exp=NOW + 7200),
    "not before tomorrow": with_claim(nbf=NOW + 86_400),
    "subject of nobody": with_claim(sub="1"),
    "subject is no number": with_claim(sub="admin"),
    "subject is a number": with_claim(sub=1),
    "negative subject": with_claim(sub="-1"),
    "endless subject": with_claim(sub="9" * 5000),
    "another session": with_claim(sid="0" * 32),
    "session as list": with_claim(sid=[]),
    "older version": with_claim(ver=0),
    "newer version": with_claim(ver=2),
    "version as text": with_claim(ver="one"),
    **{f"no {name}": without_claim(name) for name in CLAIMS},
    "garbage": lambda *_: "garbage",
    "three dots": lambda *_: "...",
    "two dots": lambda *_: "..",
    "not base64": lambda *_: "\u00e4.\u00f6.\u00fc",
    "a number": lambda *_: f"{part(1)}.{part(2)}.{part(3)}",
    "twice": lambda headers, claims, key: signed(headers, claims, key) * 2,
    "very long": lambda *_: "A" * 7000,
}


@pytest.mark.parametrize("name", FORGERIES)
def test_no_door_opens(name: str, creator: Person) -> None:
    claims: dict[str, Any] = jwt.decode(
        creator.tokens.access_token, options={"verify_signature": False}
    )
    kid, key = next(iter(signing_keys().items()))
    headers = {"kid": kid, "typ": "at+jwt"}
    good = signed(headers, claims, key)
    assert Caller(good).get("/api/users/me").status_code == 200, "what is forged below is good"

    forged = FORGERIES[name](headers, claims, key)

    shown = [(b"Authorization", b"Bearer " + forged.encode())]
    caller = Caller()
    answers = [caller.request(method, door, headers=shown) for method, door in DOORS]
    assert [each.request.url for each in answers if each.status_code != 401] == []
    assert {answer.json()["detail"] for answer in answers} == {"Not authenticated"}
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}


def test_the_doors_are_those_of_all_groups() -> None:
    groups = {path.split("/")[2] for _, path in DOORS}

    assert groups == {"admin", "bounties", "inspect", "models", "uploads", "users"}
    assert len(DOORS) > 80


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YWRhOmFkYQ==", "Token {}", "{}", "Bearer, {}"]
)
def test_the_header_must_say_bearer(header: str, creator: Person) -> None:
    value = header.format(creator.tokens.access_token)

    answer = Caller().get("/api/users/me", headers={"Authorization": value})

    assert answer.status_code == 401


def test_a_refresh_token_is_no_access_token(creator: Person) -> None:
    answer = Caller(creator.tokens.refresh_token).get("/api/users/me")

    assert answer.status_code == 401


def test_a_bad_token_is_refused_even_where_none_is_needed(admin: Person) -> None:
    assert Caller("garbage").get("/api/models/1").status_code == 401
    assert Caller().get("/api/models/1").status_code == 404


def test_admin_doors_are_closed_to_others(creator: Person, visitor: Caller) -> None:
    for method, path in (
        ("GET", "/api/admin/stats"),
        ("GET", "/api/admin/models/pending"),
        ("POST", "/api/admin/models/1/approve"),
        ("POST", "/api/admin/models/1/reject?reason=no"),
    ):
        assert visitor.request(method, path).status_code == 401
        answer = creator.request(method, path)
        assert answer.status_code == 403
        assert answer.json()["detail"] == "Not enough permissions"
