"""`manage.py collect`: a round over several sources at once, watching, and stopping."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from boardsite.models import ChoreRun
from collector.actions import rounds
from collector.actions.complaints import complain, dismiss_complaint
from collector.actions.finding import Trouble
from collector.management.commands import collect
from collector.models import Complaint, Source
from tests.services import heed_signals
from tests.sources import ROOT

PATIENCE = 120  # seconds; far more than anything here takes, on a busy machine too

pytestmark = pytest.mark.django_db


@pytest.fixture
def make_source(robot, board):
    """Creates a source that is on and due."""

    def make(name: str, address: str = "", **fields) -> Source:
        address = address or f"https://{name}.example/feed"
        fields = {"name": name, "address": address, "is_on": True, **fields}
        return Source.objects.create(board=board, member=robot, **fields)

    return make


@pytest.fixture
def plays(monkeypatch) -> list[str]:
    """Replaces the passes: each posts three articles, or fails if the source's name says so. Lists
    the names in order."""
    asked = []

    def collect_source(source: Source) -> int:
        asked.append(source.name)
        if source.name.startswith("trouble"):
            raise Trouble("주소를 찾지 못했습니다.")
        now = timezone.now()
        next_at = now + timedelta(minutes=source.interval)
        Source.objects.filter(pk=source.pk).update(next_at=next_at, claimed_until=now)
        return 3

    monkeypatch.setattr(rounds, "collect_source", collect_source)
    return asked


def run(*arguments: str, **options) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("collect", *arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def is_claimed(source: Source) -> bool:
    source.refresh_from_db()
    return source.claimed_until > timezone.now()


# -- a round ---------------------------------------------------------------------------------------
def test_a_round_prints_each_source_and_a_summary(make_source, plays):
    make_source("가람")
    make_source("나루")
    out, err = run()
    assert "[1/2] 가람: 새 글 3개" in out
    assert "[2/2] 나루: 새 글 3개" in out
    assert "2곳에서 새 글 6개, 실패 0곳" in out
    assert err == ""


def test_a_quiet_round_prints_failures_only(make_source, plays):
    make_source("가람")
    make_source("trouble")
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("collect", verbosity=0, stdout=out, stderr=err)
    assert ended.value.code == 1
    assert (out.getvalue(), err.getvalue()) == ("", "trouble: 주소를 찾지 못했습니다.\n")


def test_a_failing_source_is_no_failed_chore(make_source, plays):
    make_source("trouble")
    with pytest.raises(SystemExit):
        run()
    assert not ChoreRun.objects.get(name="collect").failed_last


def test_sources_that_failed_the_last_time_come_last(make_source, plays):
    hour_ago = timezone.now() - timedelta(hours=1)
    make_source("dead", failures=7, next_at=hour_ago)
    make_source("가람")
    run()
    assert plays == ["가람", "dead"]


def test_a_source_switched_off_during_the_round_is_skipped(make_source, plays, monkeypatch):
    make_source("가람")
    make_source("나루")
    collect_source = rounds.collect_source

    def and_switch_off(source):
        Source.objects.exclude(pk=source.pk).update(is_on=False)
        return collect_source(source)

    monkeypatch.setattr(rounds, "collect_source", and_switch_off)
    run()
    assert plays == ["가람"]


def test_unfinished_takedowns_come_first(make_source, plays, monkeypatch):
    make_source("가람")
    monkeypatch.setattr(collect, "finish_all", lambda: plays.append("taken down"))
    run()
    assert plays == ["taken down", "가람"]


def test_a_round_anonymises_old_complaints(make_source, plays, owner):
    source = make_source("가람")
    complaint = complain(source=source, name="한별", email="byul@example.com", text="내려 주세요")
    dismiss_complaint(complaint=complaint, by=owner)
    Complaint.objects.update(handled_at=timezone.now() - timedelta(days=370))
    run()
    complaint.refresh_from_db()
    assert (complaint.name, complaint.email) == ("", "")


@pytest.mark.parametrize("step", ["finish_all", "forget_old_complaints"])
def test_an_error_in_the_first_steps_does_not_stop_the_collecting(
    make_source, plays, monkeypatch, caplog, step
):
    def fail():
        raise ZeroDivisionError

    fail.__name__ = step
    make_source("가람")
    monkeypatch.setattr(collect, step, fail)
    with pytest.raises(SystemExit):
        run()
    assert plays == ["가람"]
    assert f"{step} failed" in caplog.text


# -- by hand ---------------------------------------------------------------------------------------
def test_one_source_is_collected_by_its_number_though_it_is_off_and_not_due(make_source, plays):
    tomorrow = timezone.now() + timedelta(days=1)
    source = make_source("가람", is_on=False, next_at=tomorrow)
    make_source("나루")
    run(f"--source={source.pk}")
    assert plays == ["가람"]
    assert not ChoreRun.objects.exists()  # a run for one source is no chore


def test_several_sources_are_collected_by_their_numbers(make_source, plays):
    sources = [make_source(name) for name in ("가람", "나루", "다솜")]
    run(f"--source={sources[0].pk}", f"--source={sources[2].pk}")
    assert sorted(plays) == ["가람", "다솜"]


def test_a_source_that_is_taken_down_is_not_collected(make_source, plays):
    source = make_source("가람", taken_down_at=timezone.now())
    with pytest.raises(CommandError, match=str(source.pk)):
        run(f"--source={source.pk}")
    run()
    assert plays == []


def test_an_unknown_number_is_reported(make_source, plays):
    with pytest.raises(CommandError, match="4711"):
        run("--source=4711")


def test_a_trial_posts_nothing(make_source, plays, monkeypatch):
    source = make_source("가람")
    tried = []
    monkeypatch.setattr("collector.actions.trying.try_source", tried.append)
    run(f"--source={source.pk}", "--try")
    assert (tried, plays) == ([source], [])


@pytest.mark.parametrize(
    "wrong", [["--try"], ["--watch", "--source=1"], ["--jobs=0"], ["--jobs=x"]]
)
def test_incompatible_options_are_refused(db, wrong):
    with pytest.raises(CommandError):
        run(*wrong)


# -- several at once -------------------------------------------------------------------------------
def test_several_sources_are_collected_at_once(side_by_side, make_source, plays, monkeypatch):
    for number in range(4):
        make_source(f"source-{number}")
    together = threading.Barrier(4)
    collect_source = rounds.collect_source

    def meet(source):
        together.wait(PATIENCE)
        return collect_source(source)

    monkeypatch.setattr(rounds, "collect_source", meet)
    out, _err = run("--jobs=4")
    assert "4곳에서 새 글 12개" in out


def test_a_slow_source_does_not_hold_up_the_others(side_by_side, make_source, plays, monkeypatch):
    slow = make_source("a-slow-one", next_at=timezone.now() - timedelta(hours=1))
    others = {make_source(f"source-{number}").name for number in range(5)}
    all_asked = threading.Event()
    collect_source = rounds.collect_source

    def wait_or_tell(source):
        if source == slow:
            assert all_asked.wait(PATIENCE)
        posted = collect_source(source)
        if others <= set(plays):
            all_asked.set()
        return posted

    monkeypatch.setattr(rounds, "collect_source", wait_or_tell)
    out, _err = run("--jobs=2")
    assert out.splitlines()[-2].startswith("[6/6] a-slow-one")


def test_sources_of_one_site_are_collected_one_after_the_other(
    side_by_side, make_source, plays, monkeypatch
):
    for number in range(3):
        make_source(f"ours-{number}", f"https://paper.example/{number}")
        make_source(f"other-{number}")
    collect_source, now, most = rounds.collect_source, [], []

    def count(source):
        if source.name.startswith("ours"):
            now.append(source)
            most.append(len(now))
            time.sleep(0.01)
            now.remove(source)
        return collect_source(source)

    monkeypatch.setattr(rounds, "collect_source", count)
    run("--jobs=6")
    assert len(plays) == 6
    assert max(most) == 1


@pytest.mark.parametrize("jobs", [1, 3])
def test_an_error_in_one_pass_is_raised_when_the_others_are_done(
    side_by_side, make_source, plays, monkeypatch, jobs
):
    bad = make_source("a-bad-one", next_at=timezone.now() - timedelta(hours=1))
    for number in range(3):
        make_source(f"source-{number}")
    collect_source = rounds.collect_source

    def fail(source):
        if source == bad:
            raise OperationalError("the database is away")
        return collect_source(source)

    monkeypatch.setattr(rounds, "collect_source", fail)
    with pytest.raises(OperationalError):
        run(f"--jobs={jobs}")
    assert len(plays) == 3
    assert ChoreRun.objects.get(name="collect").failed_last
    assert is_claimed(bad)  # so that it is not retried at once


# -- stopping --------------------------------------------------------------------------------------
def test_an_interrupted_pass_releases_its_source(make_source, plays, monkeypatch):
    source = make_source("가람")

    def stop(source):
        assert is_claimed(source)
        raise collect.Stopped(signal.SIGTERM)

    monkeypatch.setattr(rounds, "collect_source", stop)
    with pytest.raises(collect.Stopped):
        run()
    assert not is_claimed(source)


def test_sources_of_threads_that_do_not_end_are_released(
    side_by_side, make_source, plays, monkeypatch
):
    quick, slow = make_source("가람"), make_source("나루")
    late = [make_source(f"z-{number}", next_at=timezone.now()) for number in range(3)]
    begun, end = threading.Event(), threading.Event()
    collect_source = rounds.collect_source

    def hang(source):
        if source == slow:
            begun.set()
            end.wait(PATIENCE)
        elif source != quick:
            begun.wait(PATIENCE)
            time.sleep(0.05)
        return collect_source(source)

    monkeypatch.setattr(rounds, "collect_source", hang)
    monkeypatch.setattr(rounds, "GRACE", 0.2)
    with closing(rounds.collect_each(Source.objects.due(), jobs=2)) as outcomes:
        assert next(outcomes).source == quick
        assert begun.wait(PATIENCE)
        assert is_claimed(slow)
    assert not is_claimed(slow)
    assert len(plays) < 1 + len(late)  # no new pass was started
    end.set()
    for thread in threading.enumerate():
        if thread.name.startswith("collector"):
            thread.join(PATIENCE)


PROGRAM = """
import os, sys, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "boardsite.settings"
django.setup()
from django.core.management import execute_from_command_line
from collector.actions import rounds

def hang(source):
    print("begun", flush=True)
    time.sleep(60)

rounds.collect_source, rounds.GRACE = hang, 0.2
execute_from_command_line(["manage.py", "collect", *sys.argv[1:]])
"""


def process(*arguments: str) -> subprocess.Popen:
    """`manage.py collect` in a separate process, on the database of this test."""
    settings = connection.settings_dict
    address = f"sqlite:///{settings['NAME']}"
    if connection.vendor == "postgresql":
        who = f"{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
        address = f"postgres://{who}/{settings['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_signals,
    )


@pytest.mark.parametrize(
    ("arguments", "number", "code"),
    [
        (["--watch"], signal.SIGTERM, 0),
        ([], signal.SIGTERM, 143),
        (["--jobs=1"], signal.SIGINT, 130),
    ],
)
def test_a_signal_ends_it_within_seconds_and_without_a_traceback(
    side_by_side, make_source, arguments, number, code
):
    source = make_source("가람")
    running = process(*arguments)
    while running.stdout.readline() != "begun\n":
        assert running.poll() is None, running.stderr.read()
    assert is_claimed(source)
    running.send_signal(number)
    _out, complaints = running.communicate(timeout=PATIENCE)
    assert (running.returncode, complaints) == (code, "")
    assert not is_claimed(source)


# -- watching --------------------------------------------------------------------------------------
@pytest.fixture
def slept(monkeypatch):
    """The seconds that a watch has slept; the third sleep ends it."""
    times = []

    def sleep(seconds):
        times.append(seconds)
        if len(times) == 3:
            raise collect.Stopped(signal.SIGTERM)

    monkeypatch.setattr(collect.time, "sleep", sleep)
    monkeypatch.setattr(collect, "close_old_connections", lambda: None)  # the test needs it
    return times


def watch() -> str:
    out = StringIO()
    with pytest.raises(collect.Stopped):
        call_command("collect", "--watch", stdout=out, stderr=out)
    return out.getvalue()


def test_a_watch_sleeps_until_a_source_is_due(make_source, plays, slept):
    make_source("가람")
    in_twenty = timezone.now() + timedelta(seconds=20)
    make_source("나루", next_at=in_twenty)
    watch()
    assert plays == ["가람"]
    assert all(15 < seconds <= 20 for seconds in slept)


def test_a_watch_looks_again_after_a_minute_at_most(make_source, plays, slept):
    make_source("가람", next_at=timezone.now() + timedelta(hours=3))
    watch()
    assert slept == [60, 60, 60]


def test_a_watch_without_sources_waits_for_some(db, plays, slept):
    watch()
    assert slept == [60, 60, 60]


def test_a_source_that_another_collector_has_does_not_keep_it_awake(make_source, plays, slept):
    make_source("가람", claimed_until=timezone.now() + timedelta(seconds=40))
    watch()
    assert plays == []
    assert all(35 < seconds <= 40 for seconds in slept)


def test_each_round_of_a_watch_is_a_chore_that_ended_well(make_source, plays, slept):
    make_source("trouble", next_at=timezone.now())
    watch()
    run = ChoreRun.objects.get(name="collect")
    assert run.ended_at
    assert not run.failed_last


def test_a_watch_survives_a_lost_database(make_source, plays, slept, monkeypatch, caplog):
    make_source("가람")
    ensure, asked = connection.ensure_connection, []

    def be_away():
        asked.append(1)
        if len(asked) == 1:
            raise OperationalError("connection refused")
        ensure()

    monkeypatch.setattr(connection, "ensure_connection", be_away)
    watch()
    assert plays == ["가람"]
    assert slept[0] == 5
    assert "The database is away: connection refused" in caplog.text


@pytest.mark.postgres
def test_a_watch_survives_a_restart_of_the_database(side_by_side, make_source, plays, monkeypatch):
    source = make_source("가람")
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 1:
            Source.objects.filter(pk=source.pk).update(next_at=timezone.now())
            with suppress(OperationalError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        elif len(slept) == 4:
            raise collect.Stopped(signal.SIGTERM)

    monkeypatch.setattr(collect.time, "sleep", sleep)
    watch()
    assert plays == ["가람", "가람"]


def test_a_watch_survives_an_error_of_ours(make_source, plays, slept, monkeypatch, caplog):
    make_source("가람")
    collect_each, asked = collect.collect_each, []

    def break_once(among, *, jobs):
        asked.append(1)
        if len(asked) == 1:
            raise ZeroDivisionError
        return collect_each(among, jobs=jobs)

    monkeypatch.setattr(collect, "collect_each", break_once)
    watch()
    assert plays == ["가람"]
    assert "A round of the collector failed" in caplog.text
