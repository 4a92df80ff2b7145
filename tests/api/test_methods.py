"""Every route: HEAD is GET without the body, OPTIONS and 405 name the methods that there are."""

import pytest

from api.app import create_app
from tests.api.addresses import address
from twin.settings import Settings
from twin.store import open_store

ROUTES = list(dict.fromkeys(route.path for route in create_app(Settings(), open_store("memory://")).routes))
BY_BODY = "/stac/search"
UNKNOWN = ("DELETE", "PATCH", "PUT", "QUERY", "PROPFIND")
EACH_TIME = {"/ops/metrics"}
"""Counts how often it was asked."""


def methods(path):
    return {"GET", "HEAD", "OPTIONS"} | ({"POST"} if path == BY_BODY else set())


def listed(header):
    return {name.strip() for name in header.split(",")}


@pytest.mark.parametrize("path", ROUTES)
def test_head_is_get_without_the_body(ask, path):
    target = address(ask, path)
    if path == "/ops/conformance":  # while a check is under way each answer tells more
        assert any(ask.json(target)["checked_at"] for _ in range(60))
    head = ask(target, "HEAD")
    assert head.content == b""
    if path == "/live":
        assert head.status_code == 200  # GET does not end
        return
    get = ask(target)
    assert head.status_code == get.status_code == (404 if path.startswith("/viewer") else 200)
    known, told = dict(head.headers), dict(get.headers)
    if path in EACH_TIME:
        for headers in (known, told):
            del headers["etag"], headers["content-length"]
    assert known == told


@pytest.mark.parametrize("path", ROUTES)
def test_options_names_the_methods(ask, path):
    asked = {"origin": "https://other.example", "access_control_request_method": "GET"}
    for answer in (ask(address(ask, path), "OPTIONS"), ask(address(ask, path), "OPTIONS", **asked)):
        assert (answer.status_code, answer.content) == (204, b"")
        assert listed(answer.headers["allow"]) == methods(path)
        assert listed(answer.headers["access-control-allow-methods"]) == methods(path)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-headers"] == "*"


@pytest.mark.parametrize("path", ROUTES)
def test_other_methods_are_a_problem_that_names_those_that_there_are(ask, path):
    for method in (*UNKNOWN, *({"POST"} - methods(path))):
        answer = ask(address(ask, path), method)
        assert answer.status_code == 405, method
        assert listed(answer.headers["allow"]) == methods(path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        problem = answer.json()
        assert (problem["status"], problem["instance"]) == (405, address(ask, path))
        assert "GET" in problem["detail"]
