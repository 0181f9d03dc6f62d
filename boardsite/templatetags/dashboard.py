"""The dashboard on the admin's first page, and what all its pages show."""

from typing import Any

from django import template
from django.urls import reverse

from boardsite import __version__
from boardsite.availability.notices import staff_notice
from boardsite.reporting.charts import sparkline
from boardsite.reporting.dashboard import read_dashboard
from boardsite.reporting.first_steps import read_first_steps
from boardsite.reporting.reports import reports_for

register = template.Library()


@register.simple_tag
def site_version() -> str:
    return __version__


@register.simple_tag
def statistics_address(user: Any) -> str:
    """The address of the first report that `user` may see, "" if there is none."""
    first = next(iter(reports_for(user)), None)
    return reverse("show_report", args=[first.slug]) if first else ""


@register.inclusion_tag("admin/_read_only.html")
def read_only_notice(user: Any) -> dict:
    return {"notice": staff_notice(user)}


@register.inclusion_tag("admin/dashboard.html", takes_context=True)
def dashboard(context: template.Context) -> dict:
    """What the member of the staff who is looking may see."""
    user = context["request"].user
    shown = read_dashboard(user)
    steps = read_first_steps(user)
    return {
        "csrf_token": context.get("csrf_token"),
        "steps": steps if any(each.is_open for each in steps) else [],
        "statistics": statistics_address(user),
        "alarms": shown.alarms,
        "is_owner": user.is_superuser,
        "cards": [(card, sparkline(card.course)) for card in shown.cards],
    }
