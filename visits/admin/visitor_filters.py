"""Filters of the visitor list. The names come from the days' sums, which are few: Django would scan
all visitors for the existing values."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from visits.models import DaySum, Topic

MOST_NAMES = 30


class SumFilter(admin.SimpleListFilter):
    """A column of DayVisitor that is also a topic of the sums."""

    topic: Topic

    def lookups(self, request, model_admin):
        names = DaySum.objects.filter(topic=self.topic).exclude(name="").order_by("name")
        return [
            (name, name) for name in names.values_list("name", flat=True).distinct()[:MOST_NAMES]
        ]

    def queryset(self, request, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class BrowserFilter(SumFilter):
    title = _("브라우저")
    parameter_name = "browser"
    topic = Topic.BROWSER


class DeviceFilter(SumFilter):
    title = _("접속기기")
    parameter_name = "device"
    topic = Topic.DEVICE
