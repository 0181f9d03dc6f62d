"""Of the backups the newest of 7 days, 4 weeks and 12 months stay."""

from datetime import datetime, timedelta

from upkeep.backups.retention import find_outdated

START = datetime(2030, 1, 1, 3, 37)  # noqa: DTZ001 (local time, as the names have it)


def kept_after(moments: list[datetime]) -> list[datetime]:
    """What is there when each night ended with a deletion."""
    there: dict[str, datetime] = {}
    for moment in moments:
        there[moment.isoformat()] = moment
        for name in find_outdated(there.items()):
            del there[name]
    return sorted(there.values(), reverse=True)


def test_two_years_of_nights():
    nights = [START + timedelta(days=number) for number in range(730)]
    kept = kept_after(nights)
    last = nights[-1]
    assert kept[:7] == [last - timedelta(days=number) for number in range(7)]
    weeks = {moment.isocalendar()[:2] for moment in kept}
    assert {(last - timedelta(weeks=number)).isocalendar()[:2] for number in range(4)} <= weeks
    months = sorted({(moment.year, moment.month) for moment in kept}, reverse=True)
    assert len(months) == 12
    assert months[0] == (last.year, last.month)
    assert len(kept) <= 7 + 3 + 12


def test_what_was_made_within_a_day_stays():
    hours = [START + timedelta(hours=number) for number in range(10)]
    assert kept_after(hours) == hours[::-1]


def test_while_no_backup_is_made_none_is_deleted():
    nights = [START + timedelta(days=number) for number in range(10)]
    kept = kept_after(nights)
    assert len(kept) >= 7
    names = [(moment.isoformat(), moment) for moment in kept]
    assert find_outdated(names) == [], "however much later that is asked"
    assert find_outdated([]) == []
