"""A fault is logged in full once and then in one line a minute, by the id that the error page shows."""

import json
import logging
import re

import pytest
from django.db import OperationalError
from django.urls import path

from boardsite import faults
from boardsite.faults import JSONFormatter, LineFormatter, OncePerMinute, fault_id
from boardsite.health.counters import counters
from tests.conftest import CHROME

pytestmark = pytest.mark.urls(__name__)


def fail(request):
    raise {"/lookup": KeyError, "/away": OperationalError}.get(request.path, ValueError)(
        request.GET.get("why", "")
    )


urlpatterns = [path("value", fail), path("lookup", fail), path("away", fail)]
handler500 = "boardsite.views.refusals.server_error"


@pytest.fixture
def browser(client, settings):
    """Middleware with queries is left out: the page must show without a database."""
    client.raise_request_exception = False
    settings.MIDDLEWARE = ["boardsite.middleware.RenderTooMany"]
    client.defaults["HTTP_USER_AGENT"] = CHROME
    return client


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(faults.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def log():
    """The lines that the log of the site gets of django.request."""

    class Lines(logging.Handler):
        def emit(self, record):
            self.lines.append(self.format(record))

    handler = Lines()
    handler.lines = []
    handler.addFilter(OncePerMinute())
    handler.setFormatter(LineFormatter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)


def shown(page) -> str:
    assert page.status_code == 500
    return re.search(r"적어 주세요: ([A-Z2-7]{6})<", page.text)[1]


def test_the_page_shows_the_id_that_the_log_has(browser, log):
    name = shown(browser.get("/value"))
    [text] = log.lines
    first, *rest = text.splitlines()
    assert f"ERROR django.request [fault {name}] Internal Server Error: /value" in first
    assert rest[0].startswith("Traceback")


def test_a_repeating_fault_is_one_line_a_minute(browser, log, clock):
    for _ in range(50):
        browser.get("/value")
    assert len(log.lines) == 1
    clock[0] += 61
    name = shown(browser.get("/value?again"))
    assert len(log.lines) == 2
    assert f"[fault {name}, 50 times more]" in log.lines[1]
    assert "\n" not in log.lines[1]
    clock[0] += faults.HOUR
    browser.get("/value")
    assert "Traceback" in log.lines[2]


def test_faults_are_counted(browser, log):
    before = counters.sums()
    for path_ in ("/value", "/value", "/away"):
        browser.get(path_)
    now = counters.sums()
    # The log of the tests and that of the site count each of them.
    assert now["faults"] - before["faults"] == 3 * (now["database"] - before["database"]) > 0


def test_other_faults_have_other_ids(browser, log):
    assert shown(browser.get("/value")) == shown(browser.get("/value?why=2"))
    assert shown(browser.get("/value")) != shown(browser.get("/lookup"))
    assert len(log.lines) == 2


def test_an_outage_of_the_database_is_one_fault_wherever_it_happens():
    def id_of(words: str) -> str:
        return fault_id(OperationalError(words))

    one = id_of('connection to server at "127.0.0.1", port 5432 failed: refused\nIs it running?')
    assert one == id_of('connection to server at "10.0.0.7", port 5433 failed: refused')
    assert one != id_of("database or disk is full")


def test_warnings_and_errors_without_an_exception_pass():
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broken", None, None)
    once = OncePerMinute()
    assert once.filter(record)
    assert once.filter(record)
    assert LineFormatter().format(record).endswith("ERROR x broken")


def test_a_process_remembers_a_bounded_number_of_faults(monkeypatch):
    monkeypatch.setattr(faults, "KNOWN", 3)
    once = OncePerMinute()
    for number in range(10):
        error = OperationalError("x" * number)
        info = (type(error), error, None)
        assert once.filter(logging.LogRecord("x", logging.ERROR, "", 1, "broken", None, info))
    assert len(once._seen) == 3


def test_the_log_in_json_is_one_object_a_line(browser, log, clock):
    log.setFormatter(JSONFormatter())
    name = shown(browser.get("/value?secret=1"))
    browser.get("/value")
    clock[0] += 61
    browser.get("/value")
    first, second = (json.loads(line) for line in log.lines)
    assert first["fault"] == second["fault"] == name
    assert (first["level"], first["logger"], first["status"]) == ("ERROR", "django.request", 500)
    assert (first["method"], first["path"]) == ("GET", "/value")
    assert "Traceback" in first["trace"]
    assert "secret" not in first["message"] + first["path"]
    assert second["times"] == 2
    assert "trace" not in second


def test_the_site_logs_so(settings):
    console = settings.LOGGING["handlers"]["console"]
    assert "once_per_minute" in console["filters"]
    assert console["formatter"] == "line"
    assert set(settings.LOGGING["formatters"]) == {"line", "json"}
