"""The cost of a visit: nothing in the database for a known visitor, one short transaction for a new
one."""

import random
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import path, resolve, reverse

from bench import visits as bench
from boardsite import urls
from boardsite.visitors.identity import today
from tests.calls import count_calls
from tests.page import CHROME
from visits import tallies
from visits.beacon import beacon_name
from visits.middleware import CountVisits
from visits.models import DayCount, DayVisitor

YETI = "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"
PAGES = ["/", "/search/", "/free/"]

# A process caches visitors after the commit, so these tests must commit.
pytestmark = pytest.mark.django_db(transaction=True)

urlpatterns = [path("bench/", bench.empty_page), *urls.urlpatterns]


@pytest.fixture
def without_counter(settings):
    """A browser on the same site without the counter's middleware."""

    def ask(client, address):
        whole = settings.MIDDLEWARE
        settings.MIDDLEWARE = [name for name in whole if name != bench.COUNTER]
        client.handler._middleware_chain = None
        try:
            return statements_of(client, address)
        finally:
            settings.MIDDLEWARE = whole
            client.handler._middleware_chain = None

    return ask


def statements_of(client, address):
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address, REMOTE_ADDR="203.0.113.7").status_code == 200
    return [query["sql"] for query in seen]


def of_the_counter(statements):
    """The statements at tables of the counter, except the query of today's count for 접속자집계."""
    return [
        sql
        for sql in statements
        if "visits_" in sql and not (sql.startswith("SELECT") and "visits_daycount" in sql)
    ]


def writes(statements):
    return [sql for sql in statements if re.match(r"INSERT|UPDATE|DELETE", sql)]


# -- statements ------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES)
def test_a_known_visitor_causes_no_statement(page, board, as_reader, as_minji, without_counter):
    for client in (as_reader, as_minji):
        client.get(page, REMOTE_ADDR="203.0.113.7")
        client.get(page, REMOTE_ADDR="203.0.113.7")
        seen = statements_of(client, page)
        assert of_the_counter(seen) == []
        assert writes(seen) == []
        plain = [sql for sql in without_counter(client, page) if "visits_" not in sql]
        assert sorted(sql for sql in seen if "visits_" not in sql) == sorted(plain)


def test_a_new_visitor_causes_one_transaction_of_two_statements(as_reader):
    as_reader.get("/", REMOTE_ADDR="203.0.113.1")  # the day's salt, the site's settings
    seen = statements_of(as_reader, "/")
    visitor, day = writes(seen)
    assert visitor.startswith('INSERT INTO "visits_dayvisitor"')
    assert day.startswith('INSERT INTO "visits_daycount"')
    begun = [sql for sql in seen if sql.startswith("BEGIN")]
    assert len(begun) == 1
    first = seen.index(begun[0])
    assert seen[first : first + 4] == [begun[0], visitor, day, "COMMIT"]


def test_a_visitor_known_to_another_worker_causes_one_statement(as_reader):
    as_reader.get("/", REMOTE_ADDR="203.0.113.7")
    tallies.forget()
    assert len(writes(statements_of(as_reader, "/"))) == 1
    assert writes(statements_of(as_reader, "/")) == []


def test_a_robot_causes_no_statement(without_counter):
    yeti = Client(headers={"user-agent": YETI})
    for _ in range(2):
        yeti.get("/")
    tallies.forget()
    seen = statements_of(yeti, "/")
    assert of_the_counter(seen) == []
    assert writes(seen) == []
    assert len(seen) == len(without_counter(yeti, "/"))
    assert tallies.take().robots.total() == 1
    assert not DayVisitor.objects.exists()


def test_the_beacon_causes_no_statement(as_reader):
    beacon = reverse("show_beacon", args=[beacon_name(today(), 0x9F3C)])
    as_reader.get(beacon, REMOTE_ADDR="203.0.113.7")
    seen = statements_of(as_reader, beacon)
    assert [sql for sql in seen if "scopeversion" not in sql] == []
    assert len(tallies.take().visitors) == 1


# -- case 85 ---------------------------------------------------------------------------------------
def test_case_85_a_hundred_thousand_made_up_addresses_are_one_visitor(guest):
    """From one address that is no trusted proxy. test_two_workers_over_midnight.py sends some
    hundreds of them through the server."""
    request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.7", headers={"user-agent": CHROME})
    request.user, request.resolver_match = guest, resolve("/")
    made_up = random.Random(85)

    def answer(request):
        counter.process_view(request, None, (), {})
        return HttpResponse("<p>글</p>")

    counter = CountVisits(answer)
    for _ in range(100_000):
        forged = str(made_up.getrandbits(32))
        request.META["HTTP_X_FORWARDED_FOR"] = request.META["HTTP_X_REAL_IP"] = forged
        request.META["HTTP_FORWARDED"] = f"for={forged}"
        counter(request)
    assert DayVisitor.objects.count() == DayCount.objects.get().visitors == 1
    tallies.write_now()
    assert DayVisitor.objects.get().page_views == 100_000


# -- function calls --------------------------------------------------------------------------------
def test_a_known_visitor_costs_less_than_an_empty_page(settings):
    """A guard against mistakes; bench/visits.py measures the time."""
    settings.ROOT_URLCONF = __name__
    cases = bench.cases()[:3]
    for case in cases:
        case.run(20)
    floor, known, robot = map(calls_of, cases)
    assert known <= 1.2 * floor
    assert robot <= 1.2 * floor


def calls_of(case: bench.Case) -> int:
    environments = case.requests(20)
    return count_calls(lambda: [bench.answer(case.handler, each) for each in environments])
