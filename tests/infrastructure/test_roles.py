import pytest

from tests.infrastructure.stack import Stack, listed, referred

KNOW_NO_RESOURCES = {
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "cloudwatch:GetMetricStatistics",
    "lambda:GetAccountSettings",
}
THE_CLOCKS = "SchedulesRole"
API = {
    "AccountsFunction",
    "ModelsFunction",
    "BountiesFunction",
    "AdminFunction",
    "ContentFunction",
    "WebhooksFunction",
}


def test_every_function_has_a_role_of_its_own(stack: Stack) -> None:
    roles = [referred(each["Role"]) for each in stack.of("AWS::Lambda::Function").values()]

    assert sorted([*roles, THE_CLOCKS]) == sorted(stack.of("AWS::IAM::Role"))


def test_only_lambda_assumes_the_roles_and_the_clock_its_own(stack: Stack) -> None:
    for name, role in stack.of("AWS::IAM::Role").items():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        service = "scheduler" if name == THE_CLOCKS else "lambda"

        assert statement["Principal"] == {"Service": f"{service}.amazonaws.com"}


def test_only_admins_set_the_clock_and_lend_it_no_other_role(stack: Stack) -> None:
    deciding = {"scheduler:CreateSchedule", "scheduler:DeleteSchedule", "iam:PassRole"}
    for function in stack.of("AWS::Lambda::Function"):
        granted = stack.granted(function) & deciding
        assert granted == (deciding if function == "AdminFunction" else set()), function
    [lending] = (
        each for each in stack.statements("AdminFunction") if each["Action"] == ["iam:PassRole"]
    )
    assert [referred(each) for each in lending["Resource"]] == [THE_CLOCKS]
    assert lending["Condition"] == {
        "StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}
    }


def test_roles_are_written_out_instead_of_managed(stack: Stack) -> None:
    for name, role in stack.of("AWS::IAM::Role").items():
        assert "ManagedPolicyArns" not in role, name


def test_no_action_has_a_wildcard(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        assert not [action for action in stack.granted(function) if "*" in action], function


def test_a_grant_on_everything_is_for_actions_that_know_no_resources(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        for statement in stack.statements(function):
            if "*" in listed(statement["Resource"]):
                assert set(listed(statement["Action"])) <= KNOW_NO_RESOURCES, function


def test_every_other_grant_is_on_a_resource_of_this_stack(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        for statement in stack.statements(function):
            for resource in listed(statement["Resource"]):
                assert resource == "*" or referred(resource) in stack.resources, (
                    function,
                    resource,
                )


def test_grants_on_files_name_their_prefix(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        for statement in stack.statements(function):
            if {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"} & set(statement["Action"]):
                for resource in listed(statement["Resource"]):
                    prefix = resource["Fn::Sub"].split("/")[1]

                    assert prefix in {"incoming", "assets", "pictures", "search"}, (
                        function,
                        resource,
                    )


def test_only_the_jobs_write_snapshots_and_they_touch_no_other_file(stack: Stack) -> None:
    touching = {
        (function, resource["Fn::Sub"])
        for function in stack.of("AWS::Lambda::Function")
        for statement in stack.statements(function)
        if {"s3:PutObject", "s3:DeleteObject"} & set(statement["Action"])
        for resource in listed(statement["Resource"])
        if function == "JobsFunction" or "/search/" in resource["Fn::Sub"]
    }
    assert touching == {("JobsFunction", "${FilesBucket.Arn}/search/*")}


def test_no_function_scans_or_deletes_the_table(stack: Stack) -> None:
    for function in stack.of("AWS::Lambda::Function"):
        forbidden = {"dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:UpdateTable"}
        if function == "JobsFunction":  # it recounts everything, once a day
            forbidden.remove("dynamodb:Scan")

        assert not stack.granted(function) & forbidden, function


def test_only_the_renderer_touches_what_comes_in_and_only_it_publishes(stack: Stack) -> None:
    """The projector may delete there too, what someone had sent before they erased themselves."""
    for function in API:
        assert "s3:DeleteObject" not in stack.granted(function), function
    publishers = {
        (function, action)
        for function in stack.of("AWS::Lambda::Function")
        for statement in stack.statements(function)
        for resource in listed(statement["Resource"])
        for action in statement["Action"]
        if referred(resource) == "PicturesBucket"
    }
    assert publishers == {
        ("ThumbnailsFunction", "s3:PutObject"),
        ("ProjectorFunction", "s3:DeleteObject"),
    }


@pytest.mark.parametrize(
    ("secret", "functions"),
    [
        ("SecretKey", API - {"WebhooksFunction"}),
        ("SendGridKey", {"MailerFunction", "CampaignsFunction"}),
        (
            "LinkKey",
            {"MailerFunction", "CampaignsFunction", "ReceiptsFunction", "WebhooksFunction"},
        ),
        ("StripeKey", {"AccountsFunction", "ModelsFunction", "AdminFunction", "JobsFunction"}),
        ("StripeWebhookSecret", {"WebhooksFunction"}),
    ],
)
def test_a_secret_is_read_by_those_who_need_it(
    stack: Stack, secret: str, functions: set[str]
) -> None:
    readers = {
        function
        for function in stack.of("AWS::Lambda::Function")
        for statement in stack.statements(function)
        if "secretsmanager:GetSecretValue" in statement["Action"]
        and secret in map(referred, listed(statement["Resource"]))
    }
    assert readers == functions


def test_the_content_function_changes_nothing_but_the_views_of_tutorials(stack: Stack) -> None:
    assert stack.granted("ContentFunction") == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
        "dynamodb:BatchGetItem",
        "dynamodb:GetItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
        "secretsmanager:GetSecretValue",
    }
    [counting] = (
        each for each in stack.statements("ContentFunction") if each["Sid"] == "CountViews"
    )
    assert counting["Action"] == ["dynamodb:UpdateItem"]
    assert counting["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["TUTORIAL#*"]}
    }
