import pytest
from pydantic import ValidationError

from local.template import Template
from nexus.settings import Settings, settings


def test_with_the_sandbox_nobody_pays_so_it_stays_at_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDER", "sandbox")
    for stage in ("dev", "prod"):
        monkeypatch.setenv("STAGE", stage)
        settings.cache_clear()
        with pytest.raises(ValidationError, match="sandbox"):
            settings()
    monkeypatch.setenv("STAGE", "local")
    assert settings().payment_provider == "sandbox"


def test_the_template_gives_no_other_stage_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    template = Template(parameters={"Stage": "prod", "PaymentProvider": "none"})
    for name, value in template.environment("ModelsFunction").items():
        monkeypatch.setenv(name, value)

    assert Settings().payment_provider == "none"  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("name", "value"),
    [("STAGE", "test"), ("STAGE", ""), ("ALGORITHM", "none"), ("ALGORITHM", "RS256"),
     ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"), ("ACCESS_TOKEN_EXPIRE_MINUTES", "61"),
     ("PAYMENT_PROVIDER", "stripes")],
)  # fmt: skip
def test_a_wrong_value_is_refused_by_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError, match=name.lower()):
        Settings()  # type: ignore[call-arg]


def test_what_a_function_lacks_is_missed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PICTURES_BUCKET")

    with pytest.raises(RuntimeError, match="PICTURES_BUCKET is not set"):
        Settings().needed("pictures_bucket")  # type: ignore[call-arg]


def test_addresses_end_without_a_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_URL", "https://api.example.com/")

    assert Settings().api_url == "https://api.example.com"  # type: ignore[call-arg]
