"""A real Chromium in front of the real site.

Every test in this folder carries the marker `browser`; without a browser it is skipped.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from boardsite.ratelimit import TooMany
from tests.browser.offices import build_offices
from tests.browser.papers import build_papers
from tests.browser.places import PLACES
from tests.browser.town import build_town
from tests.page import CHROME
from tests.services import missing

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = [
    "--no-sandbox",  # root has none
    "--disable-gpu",
    "--disable-dev-shm-usage",  # containers have little of it
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # no one else
]

PATIENCE = 15_000  # ms that anything may take on a busy machine


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


def find_chromium() -> str | None:
    """The path of the browser: what CHROMIUM says, or the first that is installed."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)


@pytest.fixture(scope="session")
def chromium():
    """The one browser that all tests of this run share."""
    executable = find_chromium()
    if executable is None:
        missing("no Chromium here; CHROMIUM can name one", required_by="REQUIRE_BROWSER")
    playwright_api = pytest.importorskip("playwright.sync_api")
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    playwright_api.expect.set_options(timeout=PATIENCE)
    with playwright_api.sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=executable, args=OPTIONS)
        except playwright_api.Error as error:
            reason = f"{executable} does not start: {error.message.splitlines()[0]}"
            missing(reason, required_by="REQUIRE_BROWSER")
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium, live_server, side_by_side):
    """Opens a page of the site as somebody sees it, in a browser that the site takes for a person's.

    open_page("/free/", member=minji, width=390, height=844, dark=True, javascript=False) → a
    Playwright page in a context of its own. `page.complaints` collects what the browser prints as
    errors (scripts that fail, things that the content policy refused) and what the site does not
    give it; the page's own status is none.
    """
    contexts = []

    def open_page(
        path="/", *, member=None, width=1280, height=800, dark=False, javascript=True, **options
    ):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            **{"user_agent": CHROME} | options,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if member is not None:
            visitor = Client()
            visitor.force_login(member)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies(
                [{"name": name, "value": visitor.cookies[name].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda line: note_line(page, line))
        page.on("response", lambda response: note_response(page, response))
        page.goto(path)
        return page

    def note_line(page, line):
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            page.complaints.append(line.text)

    def note_response(page, response):
        # Of the site's only: no other site can be reached from here.
        is_part = not response.request.is_navigation_request()
        if response.status >= 400 and is_part and response.url.startswith(live_server.url):
            page.complaints.append(f"{response.status}: {response.url}")

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def town(side_by_side, minji, junho, moderator, owner, board, other_board):
    """Boards with something of everything; see tests/browser/town.py."""
    return build_town(board=board, minji=minji, junho=junho)


@pytest.fixture
def walk(open_page, town, board, minji, junho, moderator, owner, monkeypatch):
    """Each public page in turn, opened by who sees it: yields (Place, page).

    walk(options of open_page) opens one browser for each person.
    """
    people = {"guest": None, "minji": minji, "junho": junho, "moderator": moderator, "owner": owner}
    town |= build_offices(people) | build_papers(board, owner)

    def too_often(*args, **kwargs):
        raise TooMany(30)

    def shut_out(request, scope):
        return not request.path.startswith("/static/")

    def walk(**options):
        pages = {}
        for place in PLACES:
            with monkeypatch.context() as patch:
                if place.status == 429:
                    patch.setattr("boards.views.search.hit_or_refuse", too_often)
                if place.name == "shut out":
                    patch.setattr("accounts.queries.address_blocks.is_blocked", shut_out)
                if place.who not in pages:
                    member = people[place.who]
                    pages[place.who] = open_page("about:blank", member=member, **options)
                page = pages[place.who]
                page.complaints.clear()
                answer = page.goto(place.path.format(**town))
                if place.deed:
                    with page.expect_navigation() as navigation:
                        place.deed(page)
                    answer = navigation.value
                assert answer.status == place.status, place.name
                if page.locator("textarea[data-editor]").count():
                    page.locator("iframe.tox-edit-area__iframe").wait_for()
                yield place, page

    return walk
