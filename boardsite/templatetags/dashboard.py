"""The dashboard on the admin's first page."""

from django import template
from django.urls import reverse

from boardsite.charts import sparkline
from boardsite.dashboard import read_dashboard
from boardsite.reports import reports_for

register = template.Library()


@register.inclusion_tag("admin/dashboard.html", takes_context=True)
def dashboard(context: template.Context) -> dict:
    """What the member of the staff who is looking may see."""
    user = context["request"].user
    shown = read_dashboard(user)
    first = next(iter(reports_for(user)), None)
    return {
        "statistics": reverse("show_report", args=[first.slug]) if first else "",
        "alarms": shown.alarms,
        "is_owner": user.is_superuser,
        "cards": [(card, sparkline(card.days)) for card in shown.cards],
    }
