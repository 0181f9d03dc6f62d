"""The Content-Security-Policy of a page allows what a part of this page needs, and nothing else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from boardsite import content_policy
from tests.page import policy_of


def policy(request) -> dict[str, str]:
    middleware = content_policy.ContentPolicy(lambda request: HttpResponse("page"))
    return policy_of(middleware(request))


@pytest.fixture
def request_(rf: RequestFactory):
    return rf.get("/")


def test_a_page_that_needs_nothing_has_the_policy_of_the_settings(request_):
    found = policy(request_)
    assert found["script-src"] == found["default-src"] == "'self'"
    assert "connect-src" not in found


def test_a_page_allows_what_its_parts_need(request_):
    content_policy.allow(request_, {"script-src": ["https://a.test"]})
    content_policy.allow(
        request_, {"script-src": ["https://b.test"], "connect-src": ["https://b.test"]}
    )
    found = policy(request_)
    assert found["script-src"] == "'self' https://a.test https://b.test"
    assert found["connect-src"] == "'self' https://b.test"
    assert found["default-src"] == "'self'"


def test_the_next_page_does_not(request_, rf):
    content_policy.allow(request_, {"script-src": ["https://a.test"]})
    policy(request_)
    assert policy(rf.get("/"))["script-src"] == "'self'"
