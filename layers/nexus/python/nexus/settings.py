"""The one place that reads the environment; the names are those of `template.yaml`."""

from functools import cache
from typing import Literal

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a function is told by its environment. A missing name fails at start, by that name.

    A function asks only for what it uses, so names that some functions do without are optional
    here and asked for with `needed`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    stage: Literal["local", "dev", "prod"]
    table_name: str = ""
    aws_bucket_name: str = ""
    pictures_bucket: str = ""
    pictures_url: str = ""
    uploads_queue_url: str = ""
    secret_key_name: str = ""
    algorithm: Literal["HS256"] = "HS256"
    access_token_expire_minutes: int = Field(default=30, ge=1, le=60)
    frontend_url: str = ""
    api_url: str = ""
    mails_queue_url: str = ""
    mails_dead_letters_url: str = ""
    campaigns_queue_url: str = ""
    campaigns_queue_arn: str = ""
    campaigns_dead_letters_url: str = ""
    campaigns_dead_letters_arn: str = ""
    campaign_rate: int = Field(default=30_000, ge=1)
    receipts_queue_url: str = ""
    schedule_group: str = ""
    schedule_role_arn: str = ""
    sendgrid_webhook_key: str = ""
    sendgrid_url: str = "https://api.sendgrid.com"
    sendgrid_api_key_name: str = ""
    link_key_name: str = ""
    payment_provider: Literal["stripe", "sandbox", "none"] = "none"
    stripe_key_name: str = ""
    stripe_publishable_key: str = ""
    stripe_webhook_secret_name: str = ""
    stripe_url: str = ""
    log_level: str = "INFO"
    powertools_service_name: str = "nexus"
    powertools_metrics_namespace: str = "NexusModels"

    @field_validator("api_url", "pictures_url", "stripe_url")
    @classmethod
    def without_trailing_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @property
    def storefront_url(self) -> str:
        """Where links in mails lead: the first of the origins."""
        return self.needed("frontend_url").split(",")[0].rstrip("/")

    @model_validator(mode="after")
    def sandbox_stays_local(self) -> "Settings":
        """With the sandbox nobody pays, so no other stage may start with it."""
        if self.payment_provider == "sandbox" and self.stage != "local":
            raise ValueError("PAYMENT_PROVIDER=sandbox is for the stage 'local' only")
        return self

    @model_validator(mode="after")
    def stand_in_stays_local(self) -> "Settings":
        """Elsewhere the address of Stripe is Stripe's own."""
        if self.stripe_url and self.stage != "local":
            raise ValueError("STRIPE_URL is for the stage 'local' only")
        return self

    def needed(self, name: str) -> str:
        """The value of an optional name. Raises `RuntimeError` with the variable's name."""
        value = getattr(self, name)
        if not value:
            raise RuntimeError(f"{name.upper()} is not set for this function")
        return str(value)


@cache
def settings() -> Settings:
    return Settings()  # type: ignore[call-arg]  # the environment gives the arguments
