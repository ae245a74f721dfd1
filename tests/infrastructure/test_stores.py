from tests.infrastructure.stack import Stack, listed, referred


def test_buckets_let_nothing_be_public(stack: Stack) -> None:
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        assert bucket["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }, name
        assert bucket["OwnershipControls"] == {
            "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
        }, name
        assert "BucketEncryption" in bucket, name


def test_bucket_policies_refuse_plain_http_and_allow_nobody_at_large(stack: Stack) -> None:
    policies = stack.of("AWS::S3::BucketPolicy").values()
    assert {referred(policy["Bucket"]) for policy in policies} == set(stack.of("AWS::S3::Bucket"))
    for policy in policies:
        statements = [
            statement.get("Fn::If", [None, statement])[1]
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        denied = [each for each in statements if each["Effect"] == "Deny"]
        allowed = [each for each in statements if each["Effect"] == "Allow"]

        assert [each["Condition"] for each in denied] == [
            {"Bool": {"aws:SecureTransport": "false"}}
        ]
        assert len(listed(denied[0]["Resource"])) == 2
        assert all(each["Principal"] != "*" for each in allowed)
        assert all("aws:SourceArn" in each["Condition"]["StringEquals"] for each in allowed)


def test_browsers_reach_the_buckets_from_our_storefront_only(stack: Stack) -> None:
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        for rule in bucket["CorsConfiguration"]["CorsRules"]:
            first, second = rule["AllowedOrigins"]
            assert first == {"Ref": "FrontendUrl"}, name
            assert second["Fn::If"][:2] == ["HasSecondFrontend", {"Ref": "SecondFrontendUrl"}], name


def test_uploads_pass_and_products_stay(stack: Stack) -> None:
    files = stack.of("AWS::S3::Bucket")["FilesBucket"]
    rules = files["LifecycleConfiguration"]["Rules"]
    expiring = [rule for rule in rules if "ExpirationInDays" in rule]

    assert files["VersioningConfiguration"] == {"Status": "Enabled"}
    assert [(rule["Prefix"], rule["ExpirationInDays"]) for rule in expiring] == [("incoming/", 1)]
    assert expiring[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_unfinished_uploads_are_swept_away(stack: Stack) -> None:
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        days = [
            rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"]
            for rule in bucket["LifecycleConfiguration"]["Rules"]
            if "AbortIncompleteMultipartUpload" in rule
        ]
        assert days == [1], name


def test_only_what_is_uploaded_is_told_to_the_renderer(stack: Stack) -> None:
    """A notification for what the renderer writes would make it call itself for ever."""
    notified = stack.of("AWS::S3::Bucket")["FilesBucket"]["NotificationConfiguration"]
    [queue] = notified["QueueConfigurations"]

    assert queue["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "incoming/"}]
    assert stack.resources["FilesBucket"]["DependsOn"] == "UploadsQueuePolicy"


def test_what_cannot_be_made_again_survives_the_stack(stack: Stack) -> None:
    kept = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"}
    for name, resource in stack.resources.items():
        if resource["Type"] in kept:
            assert resource["DeletionPolicy"] == "Retain", name
            assert resource["UpdateReplacePolicy"] == "Retain", name


def test_the_table_can_be_restored_and_not_be_dropped(stack: Stack) -> None:
    table = stack.only("AWS::DynamoDB::Table")

    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] is True
    assert table["SSESpecification"] == {"SSEEnabled": True}


def test_the_table_has_a_stream_and_lets_items_end(stack: Stack) -> None:
    table = stack.only("AWS::DynamoDB::Table")

    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}


def test_the_bill_of_the_table_and_its_indexes_has_a_ceiling(stack: Stack) -> None:
    table = stack.only("AWS::DynamoDB::Table")

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    for each in [table, *table["GlobalSecondaryIndexes"]]:
        assert each["OnDemandThroughput"]["MaxReadRequestUnits"] <= 4000
        assert each["OnDemandThroughput"]["MaxWriteRequestUnits"] <= 2000


def test_pictures_are_read_through_our_distribution_only(stack: Stack) -> None:
    [origin] = stack.only("AWS::CloudFront::Distribution")["DistributionConfig"]["Origins"]
    access = stack.only("AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]

    assert referred(origin["OriginAccessControlId"]) == "PicturesAccess"
    assert access["SigningBehavior"] == "always"
