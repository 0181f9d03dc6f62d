from django.db import DatabaseError

from boardsite.alarming.outages import end_outage, send_outage
from boardsite.alarming.sending import send_alarms
from boardsite.availability.faults import is_unreachable
from boardsite.availability.writing import try_to_write
from boardsite.health.checks import State
from boardsite.health.readiness import read_checks
from boardsite.scheduling.chores import ChoreCommand, words_of

PATIENCE = 20.0
"""Seconds. A database that is merely slow is no outage."""


class Command(ChoreCommand):
    help = (
        "살펴볼 것을 운영자에게 한 번씩 알리고, 끝나면 끝났다고 알립니다. 1분에 한 번 실행합니다."
    )

    def execute(self, *args, **options):
        """Looks at the database first, with a deadline: the run itself would wait for one that hangs."""
        reading = next(check for check in read_checks(patience=PATIENCE) if check.name == "read")
        if reading.state is State.FAILED:
            send_outage(reading.detail)
            return None
        return super().execute(*args, **options)

    def handle(self, **options):
        try:
            send_alarms()
            try_to_write(patience=PATIENCE)  # a run without news writes nothing
        except (DatabaseError, OSError) as error:
            send_outage(words_of(error), can_read=not is_unreachable(error))
            raise
        end_outage()
