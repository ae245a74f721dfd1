import pytest

from tests.infrastructure.stack import Properties, Stack, referred

DAY = 24 * 60 * 60


@pytest.fixture
def queues(stack: Stack) -> dict[str, Properties]:
    return stack.of("AWS::SQS::Queue")


@pytest.fixture
def dead_letters(stack: Stack, queues: dict[str, Properties]) -> set[str]:
    redriven = {
        referred(queue["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in queues.values()
        if "RedrivePolicy" in queue
    }
    given_up = {
        referred(mapping["DestinationConfig"]["OnFailure"]["Destination"])
        for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()
        if "DestinationConfig" in mapping
    }
    failed = {
        referred(config["DestinationConfig"]["OnFailure"]["Destination"])
        for config in stack.of("AWS::Lambda::EventInvokeConfig").values()
    }
    return redriven | given_up | failed


def consumers(stack: Stack) -> dict[str, Properties]:
    """The mappings that read queues, by the queue."""
    return {
        referred(mapping["EventSourceArn"]): mapping
        for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()
        if "StartingPosition" not in mapping
    }


def test_a_function_that_feeds_its_own_queue_may(stack: Stack) -> None:
    """AWS stops what calls itself 16 times over, unless it is told to let it
    (docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html).
    """
    assert stack.resources["CampaignsFunction"]["Properties"]["RecursiveLoop"] == "Allow"


def test_a_mail_that_cannot_be_sent_holds_no_other_up(stack: Stack) -> None:
    assert stack.resources["MailerFunctionMails"]["Properties"]["BatchSize"] == 1


def test_queues_are_encrypted(queues: dict[str, Properties]) -> None:
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())


def test_queues_are_spoken_to_over_tls_only(stack: Stack, queues: dict[str, Properties]) -> None:
    guarded = {
        referred(queue)
        for policy in stack.of("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for queue in policy["Queues"]
    }
    assert guarded == set(queues)


def test_a_queue_has_dead_letters_or_is_them(
    queues: dict[str, Properties], dead_letters: set[str]
) -> None:
    assert {name for name, queue in queues.items() if "RedrivePolicy" not in queue} == dead_letters


def test_a_message_is_tried_at_least_five_times(queues: dict[str, Properties]) -> None:
    for queue in queues.values():
        assert queue.get("RedrivePolicy", {}).get("maxReceiveCount", 5) >= 5


def test_dead_letters_are_kept_for_two_weeks_and_longer_than_the_living(
    queues: dict[str, Properties], dead_letters: set[str]
) -> None:
    for name, queue in queues.items():
        if name in dead_letters:
            assert queue["MessageRetentionPeriod"] == 14 * DAY
        else:
            assert queue["MessageRetentionPeriod"] < 14 * DAY


def test_a_message_stays_hidden_for_six_timeouts(
    stack: Stack, queues: dict[str, Properties]
) -> None:
    for name, mapping in consumers(stack).items():
        function = stack.of("AWS::Lambda::Function")[referred(mapping["FunctionName"])]

        assert queues[name]["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_one_poison_message_fails_alone(stack: Stack) -> None:
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_queue_calls_no_more_functions_than_are_reserved(stack: Stack) -> None:
    for mapping in consumers(stack).values():
        function = stack.of("AWS::Lambda::Function")[referred(mapping["FunctionName"])]

        assert (
            mapping["ScalingConfig"]["MaximumConcurrency"]
            == function["ReservedConcurrentExecutions"]
        )


def test_the_stream_is_read_from_its_start_and_gives_up_in_the_end(
    stack: Stack, dead_letters: set[str]
) -> None:
    [mapping] = (
        mapping
        for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()
        if "StartingPosition" in mapping
    )
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] < 100
    assert 0 < mapping["MaximumRecordAgeInSeconds"] < DAY
    assert mapping["ParallelizationFactor"] == 1
    assert referred(mapping["DestinationConfig"]["OnFailure"]["Destination"]) in dead_letters


def test_a_schedule_tries_again_and_gives_up_in_the_end(
    stack: Stack, dead_letters: set[str]
) -> None:
    for rule in stack.of("AWS::Events::Rule").values():
        [target] = rule["Targets"]

        assert 0 < target["RetryPolicy"]["MaximumRetryAttempts"] < 100
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] < DAY
        assert referred(target["DeadLetterConfig"]["Arn"]) in dead_letters


def test_what_the_clock_starts_and_fails_is_tried_again_and_kept(
    stack: Stack, dead_letters: set[str]
) -> None:
    scheduled = {
        referred(target["Arn"])
        for rule in stack.of("AWS::Events::Rule").values()
        for target in rule["Targets"]
    }
    configs = stack.of("AWS::Lambda::EventInvokeConfig").values()

    assert {referred(config["FunctionName"]) for config in configs} == scheduled
    for config in configs:
        assert config["MaximumRetryAttempts"] > 0
        assert referred(config["DestinationConfig"]["OnFailure"]["Destination"]) in dead_letters


def test_only_our_s3_and_our_clock_may_tell_our_queues(stack: Stack) -> None:
    allowing = [
        statement
        for policy in stack.of("AWS::SQS::QueuePolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]
    ours = {
        "s3.amazonaws.com": ("StringEquals", "aws:SourceAccount"),
        "events.amazonaws.com": ("ArnLike", "aws:SourceArn"),
    }
    assert {statement["Principal"]["Service"] for statement in allowing} == set(ours)
    for statement in allowing:
        comparison, origin = ours[statement["Principal"]["Service"]]
        assert statement["Action"] == "sqs:SendMessage"
        assert origin in statement["Condition"][comparison]
