"""Wrong keys in URLs: every visitor gets a Korean sentence about what does not exist."""

import re
from html import unescape

import pytest

from tests.test_pages import EXAMPLES, example_of, routes

# Keys that match the routes but belong to no row.
NOT_THERE = {
    "slug": "nowhere",
    "number": "999999",
    "piece": "999",
    "pk": "999999",
    "username": "nobody",
    "name": "nowhere",
    "object_id": "999999",
    "content_type_id": "999999",
    "key": "nothing",
    "token": "nothing",
    "uidb36": "zz",
    "version": "999",
    "kind": "nothing",
}
# Keys that do not match: no page, or in the admin a row that cannot be looked up.
MISSHAPEN = dict.fromkeys(("number", "piece", "pk", "object_id", "version"), "abc")
# Contains no sentences for readers. The names of Django's permissions are options of a list.
NO_WORDS = re.compile(
    r"<(script|style|svg|code|pre|option)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL
)
SENTENCE = re.compile(r"(?:\b[A-Za-z][A-Za-z'’]* ){3,}[A-Za-z]+")
READ_BY_PEOPLE = ("text/html", "text/plain", "application/json")


def english_in(response) -> list[str]:
    """English sentences in the text of a response: four words of Latin letters in a row."""
    if not response.get("Content-Type", "").startswith(READ_BY_PEOPLE):
        return []
    return SENTENCE.findall(unescape(NO_WORDS.sub(" | ", response.content.decode())))


@pytest.mark.any_database
@pytest.mark.parametrize("visitor", ["as_reader", "as_junho", "as_moderator", "as_owner"])
def test_no_wrong_key_is_answered_in_english(request, visitor, lived_in, monkeypatch):
    client = request.getfixturevalue(visitor)
    client.raise_request_exception = False
    asked = set()
    # Outside the admin the URL patterns refuse malformed keys for everybody alike.
    for keys in (NOT_THERE, MISSHAPEN) if visitor == "as_owner" else (NOT_THERE,):
        for name, value in keys.items():
            monkeypatch.setitem(EXAMPLES, name, value)
        for route in routes():
            address = example_of(route)
            closed = address.startswith("/admin/") and visitor != "as_owner"
            if address in asked or closed or "logout" in address or address == "/robots.txt":
                continue
            asked.add(address)
            response = client.get(address)
            assert not english_in(response), f"GET {address}"
            if response.status_code != 404:
                assert not english_in(client.post(address)), f"POST {address}"
    assert len(asked) > 100


@pytest.mark.parametrize(
    "address",
    ["/members/nobody/", "/groups/nowhere/", "/groups/nowhere/feed/", "/members/nobody/picture/"],
)
def test_missing_objects_are_reported_in_korean(as_reader, lived_in, address):
    response = as_reader.get(address)
    assert response.status_code == 404
    assert "찾으시는 페이지가 없습니다." in response.content.decode()


def test_the_sentence_of_a_view_is_shown(as_reader, lived_in):
    assert "존재하지 않는 게시판입니다." in as_reader.get("/nowhere/").content.decode()


def test_english_sentences_are_found():
    """Shows that the test above finds English sentences."""

    class Answer(dict):
        content = (
            b"<h1>No Member matches the given query.</h1><option>Can add social token</option>"
        )

    found = english_in(Answer({"Content-Type": "text/html; charset=utf-8"}))
    assert found == ["No Member matches the given query"]
