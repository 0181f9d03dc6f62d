"""The dashboard on the admin's first page."""

from typing import Any

from django import template
from django.urls import reverse

from boardsite.charts import sparkline
from boardsite.dashboard import read_dashboard
from boardsite.reports import reports_for

register = template.Library()


@register.simple_tag
def statistics_address(user: Any) -> str:
    """Where the first of the reports that `user` may see stands, "" where he may see none."""
    first = next(iter(reports_for(user)), None)
    return reverse("show_report", args=[first.slug]) if first else ""


@register.inclusion_tag("admin/dashboard.html", takes_context=True)
def dashboard(context: template.Context) -> dict:
    """What the member of the staff who is looking may see."""
    user = context["request"].user
    shown = read_dashboard(user)
    return {
        "statistics": statistics_address(user),
        "alarms": shown.alarms,
        "is_owner": user.is_superuser,
        "cards": [(card, sparkline(card.course)) for card in shown.cards],
    }
