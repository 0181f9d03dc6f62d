"""다시 판정하기: for an owner who has a browser and no shell, what settle_visits --again does."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from visits.actions.settling import ask_to_settle_again
from visits.models import DayCount

PAGE = "admin/visits/daycount/judge.html"


class JudgesAgain:
    """The part of DayCountAdmin that has the kept days judged anew, by today's rules."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.judge_view)
        return [path("judge/", view, name="judge_visitors_again"), *super().get_urls()]

    def judge_view(self, request):
        # Not ModelAdmin.has_change_permission: nobody changes the counts themselves.
        if not request.user.has_perm("visits.change_daycount"):
            raise PermissionDenied
        if request.method == "POST":
            days = ask_to_settle_again()
            done = _("{days:,}일을 다시 판정합니다. 5분쯤 뒤에 숫자가 바뀝니다.")
            messages.success(request, done.format(days=days))
            return redirect("admin:judge_visitors_again")
        context = {
            **self.admin_site.each_context(request),
            "title": _("접속자 다시 판정하기"),
            "days": DayCount.objects.to_settle().count(),
        }
        return render(request, PAGE, context)
