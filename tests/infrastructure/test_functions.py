import pytest

from nexus.outside.stripe_payments import RETRIES, SECONDS
from tests.infrastructure.stack import Stack, listed, referred, texts

API = {
    "AccountsFunction",
    "ModelsFunction",
    "BountiesFunction",
    "AdminFunction",
    "ContentFunction",
    "WebhooksFunction",
}

MOST_CALLS, MOST_PAUSE_SECONDS = 4, 1
"""Of a purchase that finds an earlier one: look, cancel, open, and how the seller's account is."""


def test_timeouts_are_stated_and_an_answer_comes_before_the_gateway_gives_up(
    stack: Stack,
) -> None:
    for name, function in stack.of("AWS::Lambda::Function").items():
        assert function["Timeout"] < (30 if name in API else 901), name


def test_who_asks_stripe_can_say_that_it_does_not_answer(stack: Stack) -> None:
    a_call = SECONDS + RETRIES * (MOST_PAUSE_SECONDS + SECONDS)
    for name, function in stack.of("AWS::Lambda::Function").items():
        if "STRIPE_KEY_NAME" in function["Environment"]["Variables"]:
            assert MOST_CALLS * a_call < function["Timeout"], name


def test_memory_architecture_and_tracing_are_stated(stack: Stack) -> None:
    for name, function in stack.of("AWS::Lambda::Function").items():
        assert function["MemorySize"] >= 512, name
        assert function["Architectures"] == ["x86_64"], name
        assert function["TracingConfig"] == {"Mode": "Active"}, name
        assert function["Runtime"] == "python3.13", name


def test_each_function_logs_as_json_to_a_group_of_its_own(stack: Stack) -> None:
    functions = stack.of("AWS::Lambda::Function").values()
    groups = [referred(function["LoggingConfig"]["LogGroup"]) for function in functions]

    assert len(set(groups)) == len(groups)
    assert all(function["LoggingConfig"]["LogFormat"] == "JSON" for function in functions)
    assert set(groups) < set(stack.of("AWS::Logs::LogGroup"))


def test_logs_are_kept_for_one_to_three_months(stack: Stack) -> None:
    kept = stack.document["Parameters"]["LogDays"]

    assert set(kept["AllowedValues"]) <= {30, 60, 90}
    for name, group in stack.of("AWS::Logs::LogGroup").items():
        assert referred(group["RetentionInDays"]) == "LogDays", name


def test_the_renderer_can_take_no_more_than_its_share(stack: Stack) -> None:
    renderer = stack.of("AWS::Lambda::Function")["ThumbnailsFunction"]

    assert referred(renderer["ReservedConcurrentExecutions"]) == "RendererConcurrency"


def test_the_environment_tells_names_of_secrets_and_never_a_secret(stack: Stack) -> None:
    for name, function in stack.of("AWS::Lambda::Function").items():
        variables = function["Environment"]["Variables"]
        suspects = {key for key in variables if "SECRET" in key or "PASSWORD" in key}

        assert suspects <= {"SECRET_KEY_NAME", "STRIPE_WEBHOOK_SECRET_NAME"}, name
        assert "resolve:" not in " ".join(texts(variables)), name


@pytest.mark.parametrize(
    ("layer", "functions"),
    [
        ("ImagingLayer", {"ThumbnailsFunction"}),
        ("MailLayer", {"MailerFunction", "CampaignsFunction", "WebhooksFunction"}),
        ("SearchLayer", {"ModelsFunction", "JobsFunction"}),
    ],
)
def test_a_layer_is_worn_by_those_who_need_it(
    stack: Stack, layer: str, functions: set[str]
) -> None:
    """PyJWT imports cryptography where there is one, so it is kept from the HTTP groups."""
    [name] = [each for each in stack.resources if each.startswith(layer)]
    wearers = {
        function
        for function, declared in stack.of("AWS::Lambda::Function").items()
        if name in map(referred, listed(declared["Layers"]))
    }
    assert wearers == functions
