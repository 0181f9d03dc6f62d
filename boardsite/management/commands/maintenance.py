from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.dates import full_date
from boardsite.models import SiteSettings


class Command(BaseCommand):
    help = (
        "점검을 시작하거나 끝냅니다: 점검 중(on)에는 운영진만 사이트를 쓸 수 있고, 읽기 전용(read-only)일 "
        "때는 누구나 읽기만 할 수 있습니다."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "state", choices=["on", "read-only", "off", "show"], nargs="?", default="show"
        )
        parser.add_argument("--message", help=gettext_lazy("방문자에게 보일 안내."))
        parser.add_argument(
            "--minutes",
            type=int,
            help=gettext_lazy("몇 분 뒤에 끝날 예정인지. 방문자에게 보입니다."),
        )

    def handle(self, *, state: str, message: str | None, minutes: int | None, **options):
        row = SiteSettings.load()
        if state == "on":
            row.is_closed = True
            row.closed_message = row.closed_message if message is None else message
            row.closed_until = timezone.now() + timedelta(minutes=minutes) if minutes else None
            row.save()
        elif state == "read-only":
            row.is_read_only, row.read_only_since = True, timezone.now()
            row.save()
        elif state == "off":
            row.is_closed, row.closed_until = False, None
            row.is_read_only, row.read_only_since = False, None
            row.save()
        SiteSettings.forget()
        if row.is_read_only:
            self.stdout.write(_("읽기 전용입니다."))
        if not row.is_closed:
            self.stdout.write(_("점검 중이 아닙니다."))
        elif row.closed_until:
            self.stdout.write(_("점검 중입니다. 끝날 예정: %s.") % full_date(row.closed_until))
        else:
            self.stdout.write(_("점검 중입니다."))
