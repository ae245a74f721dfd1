import json

import pytest

from tests.infrastructure.stack import Properties, Stack

GROUPS = {
    "AccountsFunction": ("/api/auth", "/api/users"),
    "ModelsFunction": ("/api/models", "/api/uploads", "/api/inspect"),
    "BountiesFunction": ("/api/bounties",),
    "AdminFunction": ("/api/admin",),
    "WebhooksFunction": ("/api/webhooks/stripe", "/api/webhooks/sendgrid", "/api/unsubscribe"),
    "ContentFunction": (
        "/",
        "/docs",
        "/openapi.json",
        "/api/categories",
        "/api/testimonials",
        "/api/tutorials",
        "/api/homepage",
        "/api/slider",
    ),
}


@pytest.fixture
def stage(stack: Stack) -> Properties:
    return stack.only("AWS::ApiGatewayV2::Stage")


@pytest.fixture
def paths(stack: Stack) -> Properties:
    return dict(stack.only("AWS::ApiGatewayV2::Api")["Body"]["paths"])


def test_no_route_catches_everything(paths: Properties) -> None:
    assert "/{proxy+}" not in paths
    assert "$default" not in paths


def test_every_route_leads_to_the_group_of_its_prefix(paths: Properties) -> None:
    for path, methods in paths.items():
        for method in methods.values():
            uri = json.dumps(method["x-amazon-apigateway-integration"]["uri"])
            [group] = (name for name in GROUPS if f"{name}.Arn" in uri)
            prefix = path.removesuffix("/{proxy+}")

            assert prefix in GROUPS[group], path


def test_all_routes_are_throttled_and_those_that_cost_more_tighter(stage: Properties) -> None:
    default = stage["DefaultRouteSettings"]["ThrottlingRateLimit"]
    tighter = {
        route: settings["ThrottlingRateLimit"] for route, settings in stage["RouteSettings"].items()
    }
    assert set(tighter) == {
        "ANY /api/auth/{proxy+}",
        "ANY /api/inspect",
        "ANY /api/uploads",
        "ANY /api/uploads/{proxy+}",
    }
    assert all(rate < default for rate in tighter.values())


def test_throttled_routes_exist(stage: Properties, paths: Properties) -> None:
    """The gateway refuses settings of a route it does not have, when it is deployed."""
    for route in stage["RouteSettings"]:
        method, path = route.split()

        assert method == "ANY"
        assert "x-amazon-apigateway-any-method" in paths[path]


def test_the_access_log_tells_no_query_and_no_token(stage: Properties) -> None:
    log = stage["AccessLogSettings"]["Format"]

    assert "path" not in json.loads(log)
    for secret in ("authorization", "querystring", "header", "cookie", "authorizer"):
        assert secret not in log.lower()


def test_browsers_call_from_our_storefront_only_and_with_credentials(stack: Stack) -> None:
    cors = stack.only("AWS::ApiGatewayV2::Api")["Body"]["x-amazon-apigateway-cors"]

    # SAM puts the default of the parameter in; on AWS it is the parameter's value.
    first, second = cors["allowOrigins"]
    assert first == stack.document["Parameters"]["FrontendUrl"]["Default"]
    assert second["Fn::If"][0] == "HasSecondFrontend"
    assert cors["allowCredentials"] is True
    assert "*" not in json.dumps(cors)


def test_the_storefront_may_read_the_paging_headers(stack: Stack) -> None:
    cors = stack.only("AWS::ApiGatewayV2::Api")["Body"]["x-amazon-apigateway-cors"]

    assert {"link", "x-total-count", "etag", "retry-after"} <= set(cors["exposeHeaders"])
    assert {"authorization", "idempotency-key"} <= set(cors["allowHeaders"])


def test_the_sandbox_is_refused_outside_the_local_stage(stack: Stack) -> None:
    rule = stack.document["Rules"]["SandboxStaysLocal"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "PaymentProvider"}, "sandbox"]}
    [assertion] = rule["Assertions"]
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "Stage"}, "local"]}
