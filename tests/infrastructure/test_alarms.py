from typing import Any

from tests.infrastructure.stack import Stack, referred


def watched(stack: Stack, metric: str) -> set[str]:
    """The resources whose metric has an alarm."""
    return {
        referred(dimension["Value"])
        for alarm in stack.of("AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == metric
        for dimension in alarm["Dimensions"]
    }


def test_errors_and_throttles_of_every_function_wake_someone(stack: Stack) -> None:
    functions = set(stack.of("AWS::Lambda::Function"))

    assert watched(stack, "Errors") == functions
    assert watched(stack, "Throttles") == functions


def test_an_answer_of_500_wakes_someone_though_lambda_counts_no_error(stack: Stack) -> None:
    services = {
        dimension["Value"]
        for alarm in stack.of("AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "UnhandledErrors"
        for dimension in alarm["Dimensions"]
    }
    routes = str(stack.only("AWS::ApiGatewayV2::Api")["Body"])
    answering = {
        function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
        for name, function in stack.of("AWS::Lambda::Function").items()
        if f"{name}.Arn" in routes
    }
    assert services == answering != set()


def test_every_dead_letter_wakes_someone(stack: Stack) -> None:
    dead_letters = {
        name for name, queue in stack.of("AWS::SQS::Queue").items() if "RedrivePolicy" not in queue
    }
    assert watched(stack, "ApproximateNumberOfMessagesVisible") == dead_letters


def test_work_that_lags_wakes_someone(stack: Stack) -> None:
    working = {
        name for name, queue in stack.of("AWS::SQS::Queue").items() if "RedrivePolicy" in queue
    }
    assert watched(stack, "ApproximateAgeOfOldestMessage") == working
    assert watched(stack, "IteratorAge") == {"ProjectorFunction"}


def test_server_errors_wake_someone(stack: Stack) -> None:
    assert watched(stack, "5xx") == {"HttpApi"}


def test_alarms_reach_the_topic_and_silence_is_fine(stack: Stack) -> None:
    alarms: dict[str, Any] = stack.of("AWS::CloudWatch::Alarm")
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["TreatMissingData"] == "notBreaching", name
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold", name
