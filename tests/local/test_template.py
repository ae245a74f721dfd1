from pathlib import Path

import pytest

from local.references import Resolver
from local.settings import FunctionSettings
from local.template import Template, project
from tests.local.conftest import TINY


def test_a_function_is_told_names_and_addresses_that_hold_on_this_machine(tiny: Template) -> None:
    assert tiny.environment("Tiny") == {
        "STAGE": "local",
        "ORIGINS": "http://localhost:3000,http://localhost:5173",
        "TABLE_NAME": "nexus-local-Table",
        "QUEUE": "http://127.0.0.1:4566/123456789012/nexus-local-Queue",
        "QUEUE_NAME": "nexus-local-Queue",
    }


def test_a_parameter_decides_conditions() -> None:
    on_aws = Template(TINY, parameters={"Stage": "prod"})

    environment = on_aws.environment("Tiny")

    assert environment["PICTURES_URL"] == "https://nexus-local-Distribution.domainname"
    assert "Distribution" in on_aws.resources("AWS::CloudFront::Distribution")


def test_what_a_condition_excludes_is_not_there(tiny: Template) -> None:
    assert tiny.resources("AWS::CloudFront::Distribution") == {}


def test_references_to_other_resources_become_arns(tiny: Template) -> None:
    queue = tiny.resources("AWS::SQS::Queue")["Queue"]

    arn = queue["RedrivePolicy"]["deadLetterTargetArn"]
    assert arn == "arn:aws:sqs:us-east-1:123456789012:nexus-local-DeadLetters"
    assert tiny.named(arn) == "DeadLetters"


def test_globals_are_defaults_that_maps_and_lists_add_to(tiny: Template) -> None:
    settings = FunctionSettings.of(tiny, "Tiny")

    assert settings.handler == "tiny.app.handler"
    assert settings.layers == (TINY.parent / "house" / "python",)
    assert (settings.timeout, settings.memory) == (10, 512)


def test_reserved_concurrency_bounds_the_workers(tiny: Template) -> None:
    assert FunctionSettings.of(tiny, "Hasty").workers == 1
    assert FunctionSettings.of(tiny, "Tiny").workers > 1


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        ({"Fn::Sub": "${Name}-${!Literal}"}, "it-${Literal}"),
        ({"Fn::Sub": ["${Own}/${Name}", {"Own": {"Ref": "Name"}}]}, "it/it"),
        ({"Fn::Sub": "${Name.Arn}"}, "it's Arn"),
        ({"Fn::Select": [1, {"Fn::Split": ["/", "a/b/c"]}]}, "b"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "small"]}, 3),
        ({"Fn::If": ["Yes", {"Ref": "Name"}, {"Ref": "Unknown"}]}, "it"),
        (
            [{"Condition": "Yes"}, {"Condition": {"Bool": {"x": "y"}}}],
            [True, {"Condition": {"Bool": {"x": "y"}}}],
        ),
    ],
)
def test_intrinsic_functions(value: object, meaning: object) -> None:
    resolver = Resolver(
        ref={"Name": "it"}.__getitem__,
        attribute=lambda name, attribute: f"{resolver.resolve({'Ref': name})}'s {attribute}",
        conditions={
            "Yes": {"Fn::Or": [{"Fn::Equals": [1, 2]}, {"Fn::Not": [{"Fn::And": [False]}]}]}
        },
        mappings={"Sizes": {"it": {"small": 3}}},
    )

    assert resolver.resolve(value) == meaning


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "template.yaml"
    path.write_text("Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {A: !Ref Nobody}}}")

    with pytest.raises(KeyError, match="Nobody"):
        Template(path).resources("AWS::SQS::Queue")


def test_every_function_of_the_project_resolves() -> None:
    functions = project().resources("AWS::Serverless::Function")

    settings = [FunctionSettings.of(project(), name) for name in functions]
    assert all(setting.folder.is_dir() for setting in settings)
    assert all("STAGE" in setting.environment for setting in settings)
