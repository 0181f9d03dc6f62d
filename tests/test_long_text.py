"""Attack case 96: text that is slow to normalise cannot occupy a worker, whatever field it is sent
in."""

import ast
import logging
import re
import unicodedata
from functools import cache
from itertools import cycle, islice

import pytest
from django import forms
from django.contrib import admin
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.sources import parsed_sources
from tests.test_pages import example_of, routes

pytestmark = pytest.mark.any_database

TOWER = "a" + "\u0301\u0323" * 2_500
SLOW = 300  # combining marks in a row, which take a millisecond to sort


def _longest_run(text: str) -> int:
    marks = "".join("x" if unicodedata.combining(each) else " " for each in text)
    return max(map(len, marks.split()), default=0)


@pytest.fixture(autouse=True)
def no_tower_is_normalised(monkeypatch):
    """Fails if we, Django or a library normalise such a text."""
    normalize, towers = unicodedata.normalize, []

    def watched(form, text):
        if not text.isascii() and _longest_run(normalize("NFKD", text[:1000])) > SLOW:
            towers.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", watched)
    yield towers
    assert towers == []


def _subclasses(cls: type) -> set[type]:
    return {cls, *(each for child in cls.__subclasses__() for each in _subclasses(child))}


@cache
def _names() -> list[str]:
    """Every name of a form field, and every other parameter that a view reads."""
    names = {
        name for form in _subclasses(forms.BaseForm) for name in getattr(form, "base_fields", ())
    }
    for _path, tree in parsed_sources():
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="get" | "getlist", value=read),
                    args=[ast.Constant(value=name), *_],
                ) if re.search(r"\b(GET|POST)$", ast.unparse(read)):
                    names.add(name)
    return sorted(names - {"csrfmiddlewaretoken"})


def _admin_names() -> set[str]:
    """The fields of forms that the admin builds on request."""
    fields = (field for model in admin.site._registry for field in model._meta.get_fields())
    return {field.name for field in fields if field.concrete}


@pytest.fixture
def nothing_logged():
    """The records of a test would keep their requests until it ends, and these are 14 MB each."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("nothing_logged")
@pytest.mark.parametrize("visitor", ["as_guest", "as_junho", "as_owner"])
def test_no_form_normalises_a_tower_of_marks(request, visitor, lived_in):
    client = request.getfixturevalue(visitor)
    client.raise_request_exception = False
    names = dict.fromkeys(_names(), TOWER)
    assert len(names) > 80
    sent = encode_multipart(BOUNDARY, names)
    sent_to_admin = encode_multipart(  # 2,100 is longer than any address
        BOUNDARY, names | dict.fromkeys(_admin_names(), TOWER[:2_100])
    )
    addresses = [
        example_of(route)
        for route in routes()
        if "logout" not in route
        and "delete" not in route
        # the admin reads no form of others; one address shows that
        and (visitor == "as_owner" or route == "admin/" or not route.startswith("admin/"))
    ]

    def status(address: str) -> int:
        form = sent_to_admin if address.startswith("/admin/") else sent
        return client.generic("POST", address, form, MULTIPART_CONTENT).status_code

    broken = [each for each in addresses if status(each) >= 500]
    assert broken == []


@pytest.mark.parametrize("visitor", ["as_owner"])
def test_no_address_normalises_a_tower_of_marks(request, visitor, lived_in):
    client = request.getfixturevalue(visitor)
    names, short = cycle(_names()), TOWER[:900]
    for route in routes():
        query = dict.fromkeys(islice(names, 3), TOWER[:401])
        assert client.get(example_of(route), query).status_code < 500, route
    for path in (f"/tags/{TOWER}/", f"/tags/{short[:400]}/", f"/members/{short}/", f"/{short}/"):
        assert client.get(path).status_code in (301, 404, 414), path


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/tags/" + "가" * 401 + "/", 404),
        ("/tags/" + "가" * 1_001 + "/", 414),
        ("/search/?q=" + "a" * 8_001, 414),
    ],
)
def test_a_long_address_is_refused_with_a_page(as_reader, db, address, status):
    page = as_reader.get(address)
    assert page.status_code == status
    if status == 414:
        assert "주소가 너무 깁니다." in page.text


@pytest.mark.parametrize("kind", ["nickname", "username"])
def test_a_long_name_is_refused_with_a_sentence(as_guest, db, kind):
    answer = as_guest.post("/accounts/check-name/", {"kind": kind, "name": TOWER})
    assert answer.json()["is_free"] is False
    assert answer.json()["sentence"]


def test_a_long_subject_is_refused_and_the_text_stays(as_junho, board):
    form = {"subject": "가" * 900, "source": "본문은 남습니다", "format": "text"}
    page = as_junho.post(f"/{board.slug}/write/", form)
    assert page.status_code == 422
    assert "제목은 200자까지 쓸 수 있습니다. 지금 900자입니다." in page.text
    assert "본문은 남습니다" in page.text


@pytest.mark.parametrize("key", ["마루", "9" * 30, "1,2", "²"])
@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/admin/accounts/pointentry/add/", "member"),
        ("/admin/boards/boardgroup/add/", "moderators"),
        ("/admin/boards/boardgroup/add/", "members"),
        ("/admin/boards/board/add/", "moderators"),
    ],
)
def test_an_invalid_key_is_a_form_error(as_owner, board, address, field, key):
    page = as_owner.post(address, {field: key, "name": "동호회"})
    assert page.status_code == 200
    assert re.search("[가-힣]", page.context["adminform"].form.errors[field][0])
