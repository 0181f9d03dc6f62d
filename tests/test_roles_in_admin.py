"""Every page of the admin × every role: whom the table names may open it, and nobody else may."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.roles import ROLES
from tests.conftest import make_member

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

EVERY_ROLE = {"", "jsi18n/", "login/", "password_change/", "password_change/done/", "search/"}
# Besides 운영진, who may open all of these. What stands in neither table is for owners.
ROLES_OF = {
    "accounts/member/": {"members"},
    "accounts/member/add/": set(),
    "accounts/member/addresses/": {"members"},
    "accounts/member/export/": set(),
    "member form": {"members"},
    "member password": {"members"},
    "member record": {"members"},
    "boards/blockedsearchword/": {"boards"},
    "boards/blockedsearchword/add/": {"boards"},
    "boards/board/": {"boards"},
    "boards/board/add/": {"boards"},
    "board form": {"boards"},
    "boards/boardgroup/": {"boards"},
    "boards/boardgroup/add/": {"boards"},
    "boards/comment/": {"boards"},
    "boards/moderationentry/": {"boards", "reports"},
    "boards/post/": {"boards"},
    "post form": {"boards"},
    "addresses of post": {"members"},
    "boards/searchsettings/": set(),
    "boardsite/chorerun/": set(),
    "boardsite/maintenance/": set(),
    "boardsite/sitesettings/": set(),
    "collector/complaint/": {"collector"},
    "collector/seenentry/": {"collector"},
    "collector/source/": {"collector"},
    "collector/source/add/": {"collector"},
    "collector/sourceevent/": {"collector"},
    "pages/banner/": set(),
    "pages/banner/add/": set(),
    "pages/contentpage/": set(),
    "pages/contentpage/add/": set(),
    "pages/popup/": set(),
    "pages/popup/add/": set(),
    "reports/": {"statistics", "boards", "members"},
    "report sign-ups": {"statistics", "members"},
    "report writing": {"statistics", "boards"},
    "report visits-days": {"statistics"},
    "visits/daycount/": {"statistics"},
    "visits/daycount/import/": set(),
    "visits/daycount/judge/": set(),
    "visits/dayvisitor/": set(),
    "visits/dayvisitor/export/": set(),
    "visits/visitsettings/": set(),
}


def addresses() -> Iterator[str]:
    """The pages below /admin/ that name no row."""
    for each in _walk(get_resolver(), ""):
        if each.startswith("admin/") and each != "admin/logout/":
            yield each.removeprefix("admin/")


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        address = before + str(each.pattern).lstrip("^")
        if isinstance(each, URLResolver):
            yield from _walk(each, address)
        elif isinstance(each, URLPattern) and not {*"<(\\"} & {*address}:
            yield address


@pytest.fixture
def all_pages(minji, board, post) -> dict[str, str]:
    """Name in the table → address: pages without a row, and some that show one."""
    member, row = f"accounts/member/{minji.pk}", f"boards/board/{board.pk}"
    rows = {
        "member form": f"{member}/change/",
        "member record": f"{member}/record/",
        "member password": f"{member}/password/",
        "board form": f"{row}/change/",
        "post form": f"boards/post/{post.pk}/change/",
        "addresses of post": f"accounts/member/addresses/post/{post.pk}/",
        "report sign-ups": "reports/sign-ups/",
        "report writing": "reports/writing/",
    }
    if apps.is_installed("visits"):
        rows["report visits-days"] = "reports/visits-days/"
    return {each: each for each in addresses()} | rows


@pytest.mark.parametrize("role", ["", *ROLES])
def test_a_role_opens_its_pages_and_no_others(role, log_in, all_pages):
    member = make_member("helper", "도우미", roles=role, is_staff=bool(role))
    browser = log_in(member)
    opened = {name for name, address in all_pages.items() if opens(browser, address)}
    expected = {name for name, roles in ROLES_OF.items() if role == "staff" or role in roles}
    expected = (expected | EVERY_ROLE) & all_pages.keys() if role else set()
    assert opened == expected


def opens(browser, address: str) -> bool:
    """Whether a page of the admin is the answer, also after redirects."""
    response = browser.get(f"/admin/{address}", follow=True)
    if response.redirect_chain and not response.redirect_chain[-1][0].startswith("/admin/"):
        return False
    return response.status_code == 200
