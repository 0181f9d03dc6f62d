"""Drives Chromium, and for some tests Firefox and WebKit (engines.py), against the running site.

Every test in this folder has the marker `browser`; without a browser it is skipped. A test that
fails runs once more, because a browser on a busy machine sometimes misses a click: a real bug fails
twice. The summary names each test that ran again.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from boardsite.limits.rate_limit import TooMany
from pages.models import Block
from pages.queries.blocks import by_place
from tests.browser.block_data import create_block_data
from tests.browser.board_data import create_board_data
from tests.browser.collector_data import create_collector_data
from tests.browser.content_data import create_content_data
from tests.browser.engines import open_engine
from tests.browser.member_data import create_member_data
from tests.browser.menu_data import create_menu_data
from tests.browser.places import PLACES
from tests.browser.popup_data import create_popup_data
from tests.browser.service_data import create_service_data
from tests.page import CHROME
from tests.services import missing

HERE = Path(__file__).parent
NAMES = (
    "chromium-headless-shell",  # the same engine without a window, which takes half of the work
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
)
OPTIONS = [
    "--no-sandbox",  # required when running as root
    "--disable-gpu",
    "--disable-software-rasterizer",  # WebGL, which nothing here asks for
    "--disable-dev-shm-usage",  # containers have little of it
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # no other host
]

SHARES = 2  # a walk through one share of the pages is one test, so that processors share the work
PATIENCE = 15_000  # timeout in ms for a busy machine


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


def find_chromium() -> str | None:
    """The path of the browser: the variable CHROMIUM, or the first installed one."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)


@pytest.fixture(scope="session")
def chromium():
    """The browser that all tests of this process share."""
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


def session_of(member) -> str:
    """The session cookie of a new session of `member`."""
    visitor = Client()
    visitor.force_login(member)
    return visitor.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def open_page(chromium, live_server, side_by_side):
    """Opens a page as `member` in a browser that the site counts as a person's.

    open_page("/free/", member=minji, width=390, height=844, dark=True, javascript=False) → a
    Playwright page in its own context. `page.complaints` collects errors of scripts, violations of
    the content policy, and failed requests for parts of the page; the status of the page itself is
    not included.
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
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies(
                [{"name": name, "value": session_of(member), "url": live_server.url}]
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
        # Only of this site: no other host can be reached.
        is_part = not response.request.is_navigation_request()
        if response.status >= 400 and is_part and response.url.startswith(live_server.url):
            page.complaints.append(f"{response.status}: {response.url}")

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def site_data(side_by_side, minji, junho, moderator, owner, board, other_board):
    """Boards with examples of everything; see tests/browser/board_data.py."""
    return create_board_data(board=board, minji=minji, junho=junho)


@pytest.fixture
def people(minji, junho, moderator, owner):
    """Who opens the pages, by the names of places.py."""
    return {"guest": None, "minji": minji, "junho": junho, "moderator": moderator, "owner": owner}


@pytest.fixture
def full_site(site_data, board, people, minji, owner):
    """The parameters of site_data, and of examples of everything else."""
    site_data |= create_member_data(people) | create_collector_data(board, owner)
    site_data |= create_menu_data(board)
    site_data |= create_content_data(owner)
    site_data |= create_block_data(board, minji)
    site_data |= create_service_data()
    site_data |= create_popup_data()
    return site_data


@pytest.fixture(params=range(SHARES))
def places(request, full_site, people, monkeypatch):
    """Yields (Place, its path, its member or None) for each public page of one share, with the site
    in the required state."""

    def too_often(*args, **kwargs):
        raise TooMany(30)

    def blocks_everything(request, scope):
        return not request.path.startswith("/static/")

    def draft_blocks():
        return by_place(Block.objects.drafts())

    def places():
        for place in PLACES[request.param :: SHARES]:
            with monkeypatch.context() as patch:
                if place.status == 429:
                    patch.setattr("boards.views.search.hit_or_refuse_reader", too_often)
                if place.name == "blocked address":
                    patch.setattr("accounts.queries.address_blocks.is_blocked", blocks_everything)
                if place.path.endswith("?blocks"):
                    patch.setattr("pages.queries.blocks.published_blocks", draft_blocks)
                yield place, place.path.format(**full_site), people[place.who]

    return places()


@pytest.fixture
def walk(open_page, places):
    """Yields (Place, page) for each public page, opened by its visitor.

    walk(**options of open_page) opens one browser for each visitor.
    """

    def walk(**options):
        pages = {}
        for place, path, member in places:
            if place.who not in pages:
                pages[place.who] = open_page("about:blank", member=member, **options)
            page = pages[place.who]
            page.complaints.clear()
            answer = page.goto(path)
            if place.action:
                with page.expect_navigation() as navigation:
                    place.action(page)
                answer = navigation.value
            assert answer.status == place.status, place.name
            if editors := page.locator("textarea[data-editor]").count():
                page.locator("iframe.tox-edit-area__iframe").nth(editors - 1).wait_for()
            yield place, page

    return walk


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def engine(request, tmp_path_factory):
    """Firefox or WebKit; see tests/browser/engines.py. Skips the test if it is not installed."""
    with open_engine(request.param, tmp_path_factory.mktemp(request.param)) as engine:
        if engine is None:
            missing(f"no {request.param} here that could be driven", required_by="REQUIRE_BROWSER")
        yield engine


@pytest.fixture
def log_in_with(engine, live_server):
    """log_in_with(minji) logs the engine in as that member; with None it logs out."""
    who = [...]

    def log_in_with(member):
        if who == [member]:
            return
        who[:] = [member]
        if not engine.url.startswith(live_server.url):
            engine.goto(live_server.url + "/static/img/favicon.svg")
        engine.forget()
        if member is not None:
            engine.add_cookie(settings.SESSION_COOKIE_NAME, session_of(member))

    return log_in_with
