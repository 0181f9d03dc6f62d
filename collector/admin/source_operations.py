"""What the staff can do with a source besides editing it: collect, try, take down, put back.

All of it needs permission to change sources. No request fetches anything itself.
"""

from collections.abc import Callable

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from boardsite.limits.rate_limit import TooMany, hit_or_refuse
from collector.actions.starting import CannotStart, start
from collector.actions.taking_down import put_back, take_down
from collector.actions.trials import ask_trial, end_trial, is_running, is_stuck
from collector.models import Source, Trial

REFRESH = 2
"""Seconds after which the page of a running trial reloads."""


STARTS = 10
"""Processes that one staff member may start in a minute: each takes a second and 100 MB."""


def _start(request, *sources: Source, is_trial: bool = False) -> None:
    """Raises CannotStart, also above the rate limit."""
    try:
        hit_or_refuse(f"collect:{request.user.pk}", limit=STARTS, seconds=60)
    except TooMany as refusal:
        raise CannotStart(refusal.message) from refusal
    start(*sources, is_trial=is_trial)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("사유"),
        required=False,
        max_length=200,
        help_text=_("기록에 남아 운영진만 봅니다."),
    )


class SourceOperations(admin.ModelAdmin):
    """The operations of SourceAdmin that do more than save a row."""

    actions = ["collect_chosen"]

    def get_urls(self):
        operations: list[tuple[str, Callable]] = [
            ("collect", self.collect_view),
            ("try", self.try_view),
            ("take-down", self.take_down_view),
            ("put-back", self.put_back_view),
        ]
        own = [
            path(
                f"<int:pk>/{operation}/",
                self.admin_site.admin_view(view),
                name=f"collector_source_{operation.replace('-', '_')}",
            )
            for operation, view in operations
        ]
        return [*own, *super().get_urls()]

    # -- collecting --------------------------------------------------------------------------------
    @admin.action(description=_("지금 수집"), permissions=["change"])
    def collect_chosen(self, request, queryset) -> None:
        chosen = list(queryset.filter(is_on=True, taken_down_at=None))
        if not chosen:
            self.message_user(request, _t("켜져 있는 곳을 고르지 않았습니다."), messages.WARNING)
            return
        self._collect(request, chosen, _t("%d곳의 수집을 시작했습니다.") % len(chosen))

    def collect_view(self, request, pk: int):
        """POST starts it. A process started by a second submission finds the source claimed and
        ends without doing anything."""
        source = self._found(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if source.taken_down_at or not source.is_on:
            words = _t("꺼져 있는 곳입니다. '수집함'을 켜고 저장한 다음 수집해 주세요.")
            self.message_user(request, words, messages.WARNING)
        elif source.claimed_until > timezone.now():
            self.message_user(request, _t("이미 수집하고 있습니다."), messages.INFO)
        else:
            words = _t("수집을 시작했습니다. 잠시 후 이 페이지를 다시 열면 결과가 보입니다.")
            self._collect(request, [source], words)
        return redirect("admin:collector_source_change", source.pk)

    def _collect(self, request, sources: list[Source], words: str) -> None:
        """If no process can be started, the next run of the chore collects from them."""
        keys = [source.pk for source in sources]
        Source.objects.filter(pk__in=keys).update(next_at=timezone.now(), failures=0)
        try:
            _start(request, *sources)
        except CannotStart as problem:
            self.message_user(request, str(problem), messages.ERROR)
        else:
            self.message_user(request, words, messages.SUCCESS)

    # -- trying ------------------------------------------------------------------------------------
    def try_view(self, request, pk: int):
        """POST starts a trial. GET shows the latest one, and reloads until it has ended."""
        source = self._found(request, pk)
        if request.method == "POST":
            if source.taken_down_at:
                words = _t("글을 모두 내린 곳입니다. 먼저 글을 다시 보이게 해 주세요.")
                self.message_user(request, words, messages.WARNING)
            elif ask_trial(source):
                try:
                    _start(request, source, is_trial=True)
                except CannotStart as problem:
                    end_trial(source.trial, error=str(problem))
            return redirect("admin:collector_source_try", source.pk)
        trial = Trial.objects.filter(source=source).first()
        running = trial is not None and is_running(trial)
        context = {
            **self._context(request, source, _t("시험 수집")),
            "trial": trial,
            "is_running": running,
            "is_stuck": trial is not None and is_stuck(trial),
            "shown": [each for each in trial.found if each["html"]] if trial else [],
            "others": [each for each in trial.found if not each["html"]] if trial else [],
        }
        response = render(request, "admin/collector/source/try_source.html", context)
        if running:
            response["Refresh"] = str(REFRESH)
        return response

    # -- taking down and putting back --------------------------------------------------------------
    def take_down_view(self, request, pk: int):
        words = _t("%s의 글을 모두 내렸습니다.")
        return self._decide(request, pk, take_down, _t("글 모두 내리기"), words, is_down=False)

    def put_back_view(self, request, pk: int):
        words = _t("%s의 글을 다시 보이게 했습니다. 수집은 꺼져 있습니다.")
        return self._decide(request, pk, put_back, _t("글 다시 보이기"), words, is_down=True)

    def _decide(
        self, request, pk: int, operation: Callable, title: str, words: str, *, is_down: bool
    ):
        """Asks for the reason on a confirmation page, then runs the operation. A repeated
        submission continues where the first one stopped."""
        source = self._found(request, pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            left = operation(source=source, by=request.user, reason=reason)
            self.log_change(request, source, f"{title}: {reason}" if reason else title)
            self.message_user(request, words % source.name, messages.SUCCESS)
            if left:
                more = _t("글이 많아 %s개가 남았습니다. 다음 수집 때 이어서 합니다.") % f"{left:,}"
                self.message_user(request, more, messages.WARNING)
            return redirect("admin:collector_source_change", source.pk)
        context = {
            **self._context(request, source, title),
            "form": form,
            "is_down": is_down,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/collector/source/take_down.html", context, status=status)

    def _found(self, request, pk: int) -> Source:
        """Answers 403 without permission to change sources, whether the source exists or not."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        source = self.get_queryset(request).select_related("board").filter(pk=pk).first()
        if source is None:
            raise Http404
        return source

    def _context(self, request, source: Source, title: str) -> dict:
        return {
            **self.admin_site.each_context(request),
            "title": title,
            "source": source,
            "opts": self.opts,
        }
