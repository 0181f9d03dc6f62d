"""다시 판정하기: the command settle_visits --again for an owner without a shell."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.admin_menu import Page, register
from visits.actions.settling import ask_to_settle_again
from visits.models import DayCount

PAGE = "admin/visits/daycount/judge.html"
register(
    Page(
        "admin:judge_visitors_again",
        _("접속자 다시 판정하기"),
        lambda user: user.has_perm("visits.change_daycount"),
        "로봇 봇 방문자",
    )
)


class JudgesAgain:
    """The part of DayCountAdmin that has the kept days judged again by the current rules."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.judge_view)
        return [path("judge/", view, name="judge_visitors_again"), *super().get_urls()]

    def judge_view(self, request):
        # Not ModelAdmin.has_change_permission: nobody may change the counts themselves.
        if not request.user.has_perm("visits.change_daycount"):
            raise PermissionDenied
        if request.method == "POST":
            days = ask_to_settle_again()
            done = _t("{days:,}일을 다시 판정합니다. 5분쯤 뒤에 숫자가 바뀝니다.")
            messages.success(request, done.format(days=days))
            return redirect("admin:judge_visitors_again")
        context = {
            **self.admin_site.each_context(request),
            "title": _t("접속자 다시 판정하기"),
            "days": DayCount.objects.to_settle().count(),
        }
        return render(request, PAGE, context)
