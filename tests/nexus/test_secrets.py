"""The signing key: read by its name, and rotated without throwing anyone out."""

import time
from collections.abc import Iterator

import jwt
import pytest

from local.template import project
from nexus.outside import secrets
from tests import cloud
from tests.gateway import Caller
from tests.people import Person

NAME = project().name("SecretKey")


@pytest.fixture(autouse=True)
def _the_key_comes_back(house: None) -> Iterator[None]:
    """It is shared by the tests of this file."""
    manager = cloud.client("secretsmanager")
    before = manager.get_secret_value(SecretId=NAME)["SecretString"]
    yield
    rotate(before)


def rotate(key: str) -> None:
    cloud.client("secretsmanager").put_secret_value(SecretId=NAME, SecretString=key)
    reread()


def reread() -> None:
    secrets._read_at = -float(secrets.REREAD_SECONDS)


def test_the_key_has_sixty_four_characters() -> None:
    [key, *_] = secrets.signing_keys().values()

    assert len(key) == 64


def test_the_key_is_read_once_in_five_minutes() -> None:
    reread()
    with cloud.calls() as calls:
        for _ in range(5):
            secrets.signing_keys()

    assert calls == ["GetSecretValue", "GetSecretValue"], "the current and the previous one"


def test_tokens_of_the_previous_key_are_good_until_they_end() -> None:
    ada = Person("ada")
    rotate("b" * 64)
    later = Person("grace")

    assert ada.get("/api/users/me").status_code == 200
    assert later.get("/api/users/me").status_code == 200
    kids = [jwt.get_unverified_header(each.tokens.access_token)["kid"] for each in (ada, later)]
    assert kids == list(secrets.signing_keys())[::-1]

    rotate("c" * 64)
    assert ada.get("/api/users/me").status_code == 401
    assert later.get("/api/users/me").status_code == 200


def test_a_key_that_another_instance_signs_with_already_is_looked_up() -> None:
    old = dict(secrets.signing_keys())
    rotate("b" * 64)
    ada = Person("ada")
    secrets._kept.clear()
    secrets._kept.update(old)

    secrets._read_at = time.monotonic() - secrets.UNKNOWN_SECONDS
    assert ada.get("/api/users/me").status_code == 200
    with cloud.calls() as calls:
        for _ in range(3):
            assert Caller(ada.tokens.access_token[:-1]).get("/api/users/me").status_code == 401
            assert secrets.signing_key("unknown") is None
    assert calls == [], "strangers cannot have it read again and again"


def test_a_short_key_signs_nothing() -> None:
    ada = Person("ada")
    rotate("x" * 31)

    with pytest.raises(RuntimeError, match="32 bytes"):
        secrets.signing_keys()
    assert ada.get("/api/users/me").status_code == 500

    rotate("x" * 32)
    assert Person("grace").get("/api/users/me").status_code == 200


def test_a_short_key_is_forgotten_when_a_long_one_follows() -> None:
    rotate("x" * 31)
    rotate("b" * 64)

    assert list(secrets.signing_keys().values()) == ["b" * 64]
    assert Person("ada").get("/api/users/me").status_code == 200
