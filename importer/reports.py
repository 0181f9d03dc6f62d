"""How often old addresses are used, as long as anybody follows them."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from boardsite.reporting.reports import Period, Report, Table, register
from importer.models import OldLinkDay
from importer.progress import redirects_by_day

PERMISSION = "importer.view_oldlinkday"


def old_links(period: Period, user: Any) -> Table:
    found = redirects_by_day(period.first, period.last)
    rows = [[str(day), *found.get(day, (0, 0))] for day in period.days()]
    return Table(
        [_("날짜"), _("사람"), _("로봇")],
        rows,
        [_("합계"), sum(row[1] for row in rows), sum(row[2] for row in rows)],
    )


def _first_day() -> date | None:
    return OldLinkDay.objects.order_by("day").values_list("day", flat=True).first()


register(
    Report(
        "old-links",
        gettext_lazy("옛 주소로 온 방문"),
        gettext_lazy("이사"),
        PERMISSION,
        read=old_links,
        chart="columns",
        charted=(1, 2),
        is_newest_first=True,
        since=_first_day,
        note=gettext_lazy("그누보드의 주소를 새 페이지로 이어 준 횟수입니다."),
    )
)
