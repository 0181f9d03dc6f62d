"""manage.py import_visits: imports the daily counts of an older site, and removes them again."""

import io
import sys
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from visits.actions.importing import forget_imported_counts, import_day_counts
from visits.models import DayCount
from visits.old_counts import WrongFile, decode_file, read_counts
from visits.queries import visit_counts
from visits.queries.imported import imported_counts

TODAY = date(2026, 11, 24)
SECOND, THIRD = date(2009, 3, 2), date(2009, 3, 3)
FILE = "vs_date,vs_count\n2009-03-02,618\n2009-03-03,2108\n"
BOTH = {SECOND: 618, THIRD: 2108}


@pytest.fixture
def bring(tmp_path, capsys):
    """`bring(content)` runs the command with a file of that content; returns its output."""

    def run(content):
        path = tmp_path / "visits.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        call_command("import_visits", str(path))
        return capsys.readouterr().out

    return run


def imported():
    return dict(DayCount.objects.filter(imported__gt=0).values_list("day", "imported"))


# -- the file (pure) -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        FILE,
        FILE.replace("\n", "\r\n"),
        "2009-03-02,618\n2009-03-03,2108",
        '"vs_date","vs_count"\n"2009-03-02","618"\n"2009-03-03","2,108"\n',
        "'2009-03-02','618'\n'2009-03-03','2108'\n",
        "vs_date\tvs_count\n2009-03-02\t618\n2009-03-03\t2108\n",
        "날짜;접속자\n2009-03-02;618\n2009-03-03;2108\n",
        "\n\n2009-03-02 , 618 ,\n\n 2009-03-03,2108,,\n\n",
        "2009.3.2,618\n2009. 3. 3.,2108\n",
        "2009/03/02 0:00,618\n2009-03-03 00:00:00,2108\n",
        "2009-03-02,618\n2009-03-02,618\n2009-03-03,2108\n",
        FILE.encode("utf-8-sig"),
        FILE.encode("utf-16"),
        "날짜,접속자 수\n2009-03-02,618\n2009-03-03,2108\n".encode("cp949"),
    ],
)
def test_accepted_files(content):
    text = decode_file(content) if isinstance(content, bytes) else content
    assert read_counts(text, today=TODAY) == BOTH


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("2026-11-25,5", "3번째 줄: 아직 오지 않은 날입니다 (2026-11-25)."),
        ("1994-12-31,5", "3번째 줄: 1995년보다 이른 날입니다 (1994-12-31)."),
        ("2009-02-30,5", "3번째 줄: 없는 날짜입니다 (2009-02-30)."),
        ("0000-00-00,5", "3번째 줄: 없는 날짜입니다 (0000-00-00)."),
        ("2009-03-03,-5", "3번째 줄: 접속자 수가 0보다 작습니다 (-5)."),
        ("2009-03-03,many", "3번째 줄: 접속자 수가 아닙니다 (many)."),
        ("2009-03-03,1.5", "3번째 줄: 접속자 수가 아닙니다 (1.5)."),
        ("2009-03-03,1e9", "3번째 줄: 접속자 수가 아닙니다 (1e9)."),
        ("2009-03-03,=1+1", "3번째 줄: 접속자 수가 아닙니다 (=1+1)."),
        ("2009-03-03,3000000000", "3번째 줄: 하루의 접속자 수가 너무 큽니다 (3000000000)."),
        ("2009-03-02,619", "3번째 줄: 같은 날짜가 다른 수로 또 나옵니다 (2009-03-02)."),
        ("2009-03-03", "3번째 줄: 날짜와 수, 두 칸이어야 합니다."),
        ("2009-03-03,5,6", "3번째 줄: 날짜와 수, 두 칸이어야 합니다."),
        ("어제,5", "3번째 줄: 날짜를 2009-03-02처럼 적어 주세요 (어제)."),
        ('"2009-03-03,5', "3번째 줄: 날짜와 수, 두 칸이어야 합니다."),
        ("\x00,\x00", "3번째 줄: 날짜를 2009-03-02처럼 적어 주세요 (\x00)."),
    ],
)
def test_an_invalid_line_is_named(line, wrong):
    with pytest.raises(WrongFile) as error:
        read_counts(f"vs_date,vs_count\n2009-03-02,618\n{line}\n", today=TODAY)
    assert str(error.value) == wrong


@pytest.mark.parametrize("text", ["", "\n \n", "vs_date,vs_count\n"])
def test_an_empty_file(text):
    with pytest.raises(WrongFile, match="한 줄도 없습니다"):
        read_counts(text, today=TODAY)


def test_gnuboards_summary_line_has_no_days():
    with pytest.raises(WrongFile, match="g5_visit_sum"):
        read_counts("오늘:618,어제:2108,최대:3806,전체:948022", today=TODAY)


def test_more_lines_than_possible_days():
    with pytest.raises(WrongFile, match="30,000줄"):
        read_counts("2009-03-02,618\n" * 30_001, today=TODAY)


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"\xff\xfe\x00", b"\x81\x00\xff", b"a" * 5_000_000]
)
def test_a_file_that_is_not_text(content):
    with pytest.raises(WrongFile):
        decode_file(content)


def test_today_may_be_included():
    assert read_counts("2026-11-24,5", today=TODAY) == {TODAY: 5}


# -- importing -------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_days_appear_in_the_sums(bring):
    said = bring(FILE)
    assert imported() == BOTH
    assert "2일, 2,726명을 가져왔습니다." in said
    assert "2009-03-02부터 2009-03-03까지 2,726명" in said
    assert (visit_counts().total, visit_counts().imported) == (2_726, 2_726)


@pytest.mark.django_db
def test_importing_twice_is_the_same_as_once(bring):
    bring(FILE)
    bring(FILE)
    assert imported() == BOTH


@pytest.mark.django_db
def test_a_corrected_file_replaces_its_days_only(bring):
    bring(FILE)
    bring("2009-03-02,600\n2009-03-04,7\n")
    assert imported() == {SECOND: 600, THIRD: 2108, date(2009, 3, 4): 7}
    bring("2009-03-02,0\n")
    assert SECOND not in imported()


@pytest.mark.django_db
def test_the_sites_own_counts_do_not_change(bring, visit):
    visit()
    before = DayCount.objects.values().get()
    bring("2026-11-24,2108\n")
    assert DayCount.objects.values().get() == before | {"imported": 2108}
    bring("2026-11-24,0\n")
    assert DayCount.objects.values().get() == before


@pytest.mark.django_db
def test_the_day_of_the_move_has_both_counts(bring, visit, clock):
    bring("2026-11-23,10\n2026-11-24,500\n")
    visit()
    assert visit_counts()[:4] == (501, 10, 501, 511)
    clock(day=25)
    visit()
    assert visit_counts()[:4] == (1, 501, 501, 512)


@pytest.mark.django_db
@pytest.mark.parametrize("line", ["2026-11-25,5", "2009-03-04,-1", "2009-03-02,1"])
def test_an_invalid_file_changes_nothing(bring, line):
    bring("2009-03-02,600\n")
    with pytest.raises(CommandError, match=r"아무것도 가져오지 않았습니다. 4번째 줄"):
        bring(FILE + line)
    assert imported() == {SECOND: 600}


@pytest.mark.django_db(transaction=True)
def test_an_error_leaves_nothing_half_done(monkeypatch):
    import_day_counts({SECOND: 1})
    monkeypatch.setattr("visits.actions.importing.AT_ONCE", 2)
    monkeypatch.setattr("django.db.transaction.on_commit", None)  # the last step fails
    with pytest.raises(TypeError):
        import_day_counts({date(2010, 1, day): day for day in range(1, 9)})
    assert imported() == {SECOND: 1}


@pytest.mark.django_db
def test_thirty_years_need_few_statements(django_assert_max_num_queries):
    first = date(1996, 1, 1).toordinal()
    counts = {date.fromordinal(first + number): number + 1 for number in range(10_000)}
    with django_assert_max_num_queries(150):
        import_day_counts(counts)
    assert imported_counts().days == 10_000


@pytest.mark.django_db
def test_from_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(FILE.encode())))
    call_command("import_visits", "-")
    assert imported() == BOTH


@pytest.mark.django_db
def test_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="읽을 수 없습니다"):
        call_command("import_visits", str(tmp_path / "nothing.csv"))
    with pytest.raises(CommandError):
        call_command("import_visits")


# -- removing --------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_removing_them_keeps_the_sites_own_counts(bring, visit, capsys):
    visit()
    before = list(DayCount.objects.values())
    bring(FILE + "2026-11-24,500\n")
    call_command("import_visits", "--forget")
    assert "3일의 가져온 접속자 수를 되돌렸습니다." in capsys.readouterr().out
    assert list(DayCount.objects.values()) == before
    assert forget_imported_counts() == 0


@pytest.mark.django_db(transaction=True)
def test_the_displayed_sums_change_at_once():
    assert visit_counts().total == 0
    import_day_counts(BOTH)
    assert visit_counts().total == 2_726
    forget_imported_counts()
    assert visit_counts().total == 0
