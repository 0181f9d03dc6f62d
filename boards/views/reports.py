"""신고: reports, and the moderators' judgement."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import SUSPEND, Refused
from boards.actions.reports import dismiss_report as do_dismiss_report
from boards.actions.reports import report_comment as do_report_comment
from boards.actions.reports import report_post as do_report_post
from boards.actions.reports import uphold_report as do_uphold_report
from boards.forms import JudgementForm, ReportForm
from boards.models import Comment, Post, Report
from boards.permissions import Access, access, judges_any
from boards.queries.reports import find_cases, show_cases
from boards.refusals import REFUSALS, REFUSED_REPORT
from boards.roles import judges_all
from boards.views.finding import readable_comment, readable_post
from boards.views.keeping import keeps_text, kept_text
from boardsite.context import site_settings
from boardsite.forms import refuse_form, show_form
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import TooMany, hit_or_refuse
from boardsite.pagination import Pages, page_number
from boardsite.visitors.identity import address_key

REPORTS_A_DAY = 20


@require_http_methods(["GET", "POST"])
@counts_attempts
@keeps_text
def report_post(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """GET asks for the reason, POST reports the post."""
    post, can = readable_post(request, slug, number)
    return _report(request, can, partial(do_report_post, post=post), post)


@require_http_methods(["GET", "POST"])
@counts_attempts
@keeps_text
def report_comment(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """As report_post, for a comment of the post."""
    comment, can = readable_comment(request, slug, number, pk)
    action = partial(do_report_comment, comment=comment)
    return _report(request, can, action, comment.post, comment)


@require_safe
def list_reports(request: HttpRequest) -> HttpResponse:
    """The open reports that the visitor may judge; `?state=handled`: the settled ones."""
    if not judges_any(request.user):
        raise Refused(REFUSALS["moderate"])
    is_handled = request.GET.get("state") == "handled"
    cases = find_cases(request.user, handled=is_handled)
    number, size = page_number(request), site_settings(request).page_size
    state = "handled" if is_handled else ""
    pages = Pages(number, cases.count(), size, request.path, {"state": state})
    context = {
        "cases": show_cases(cases[pages.offset : pages.offset + size]),
        "pages": pages,
        "is_handled": is_handled,
        "may_handle_spam": judges_all(request.user) and request.user.has_perm(SUSPEND),
        "reason_length": JudgementForm.base_fields["reason"].max_length,
    }
    return render(request, "boards/list_reports.jinja", context)


@require_POST
def uphold_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Settles the report, and all about the same post or comment: it is hidden or stays hidden."""
    return _judge(request, pk, do_uphold_report, _("신고 %d건을 조치했습니다."))


@require_POST
def dismiss_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Settles the report: what reports had hidden is restored."""
    return _judge(request, pk, do_dismiss_report, _("신고 %d건을 문제 없음으로 처리했습니다."))


def _report(
    request: HttpRequest,
    can: Access,
    action: Callable[..., bool],
    post: Post,
    comment: Comment | None = None,
) -> HttpResponse:
    if not can.may_report(post, comment):
        raise Refused(REFUSED_REPORT)
    form = ReportForm(
        request.POST if request.method == "POST" else None, initial=kept_text(request)
    )
    is_known = Report.objects.about(post, comment).filter(member=request.user).exists()
    if is_known or (form.is_valid() and _within_day(request, form)):
        network = address_key(request)
        if is_known or not action(member=request.user, network=network, **form.cleaned_data):
            messages.info(request, _("이미 신고하셨습니다."))
        else:
            messages.success(request, _("신고했습니다. 관리자가 살펴보겠습니다."))
        post.refresh_from_db(fields=["state"])  # this report may have hidden it
        return redirect(post if post.is_published else post.board)
    template = "boards/report_comment.jinja" if comment else "boards/report_post.jinja"
    context = {"form": form, "post": post, "comment": comment, "board": post.board}
    return show_form(request, template, context, form)


def _within_day(request: HttpRequest, form: ReportForm) -> bool:
    """Counts a report of this member; above the limit per day, adds an error to the form (case 86)."""
    try:
        hit_or_refuse(f"report:{request.user.pk}", limit=REPORTS_A_DAY, seconds=86_400)
    except TooMany as refusal:
        sentence = _("신고는 하루에 %d번까지 할 수 있습니다.") % REPORTS_A_DAY
        refuse_form(form, refusal, sentence=sentence)
        return False
    return True


def _judge(request: HttpRequest, pk: int, action: Callable[..., int], done: str) -> HttpResponse:
    back = reverse("list_reports")
    related = ("post__board", "post__author", "comment__author")
    report = Report.objects.select_related(*related).filter(pk=pk).first()
    if report is None:
        raise Http404(_("신고가 존재하지 않습니다."))
    can = access(request.user, report.post.board)
    if not can.may_judge(report.comment or report.post):
        raise Refused(REFUSALS["moderate"], back=back)
    form = JudgementForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return redirect(back)
    count = action(report=report, by=request.user, **form.cleaned_data)
    if count:
        messages.success(request, done % count)
    else:
        messages.info(request, _("이미 처리되었거나 새 신고가 있습니다. 다시 확인해 주세요."))
    return redirect(back)
