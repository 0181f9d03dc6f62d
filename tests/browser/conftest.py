"""A real Chromium in front of the real site.

Every test in this folder carries the marker `browser`; without a browser it is skipped.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

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
]


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
def open_page(chromium, live_server):
    """Opens a page of the site as somebody sees it.

    open_page("/free/", member=minji, width=390, height=844, dark=True, javascript=False) → a
    Playwright page in a context of its own. `page.complaints` collects what the browser prints as
    errors: scripts that fail, things that the content policy refused, files that are not there.
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
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
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
        page.on(
            "console",
            lambda line: page.complaints.append(line.text) if line.type == "error" else None,
        )
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
