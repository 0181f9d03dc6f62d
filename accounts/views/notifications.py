"""알림: the member's own."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import notifications as actions
from accounts.actions.mailings import choose_news
from accounts.forms.notifications import NotificationsForm
from accounts.mails.notifications import read_token
from accounts.models import Notification
from accounts.permissions import MemberRequest
from accounts.queries.notifications import notification_row
from boardsite.context import site_settings
from boardsite.forms import show_form
from boardsite.pagination import Pages, page_number


@login_required
@require_safe
def list_notifications(request: MemberRequest) -> HttpResponse:
    """The newest first. Listing them does not mark them as read."""
    own = Notification.objects.filter(member=request.user).order_by("-at", "-id")
    number, size = page_number(request), site_settings(request).page_size
    pages = Pages(number, own.count(), size, request.path, {})
    rows = [notification_row(each) for each in own[pages.offset : pages.offset + size]]
    return render(request, "accounts/list_notifications.jinja", {"rows": rows, "pages": pages})


@login_required
@require_POST
def open_notification(request: MemberRequest, pk: int) -> HttpResponse:
    """Marks it as read and redirects to its subject."""
    notification = _own(request, pk)
    actions.read_notifications(member=request.user, pk=pk)
    return redirect(notification.address)


@login_required
@require_POST
def read_notifications(request: MemberRequest) -> HttpResponse:
    """Marks all as read."""
    actions.read_notifications(member=request.user)
    return redirect("list_notifications")


@login_required
@require_POST
def delete_notification(request: MemberRequest, pk: int) -> HttpResponse:
    actions.delete_notification(notification=_own(request, pk))
    return redirect("list_notifications")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_notifications(request: MemberRequest) -> HttpResponse:
    """How the member wants to be notified of what."""
    form = NotificationsForm(
        request.POST if request.method == "POST" else None, member=request.user
    )
    if form.is_valid():
        actions.choose_notifications(member=request.user, ways=form.ways)
        choose_news(member=request.user.pk, way=form.cleaned_data["news"])
        messages.success(request, _("알림 설정을 저장했습니다."))
        return redirect(reverse("list_notifications"))
    return show_form(request, "accounts/choose_notifications.jinja", {"form": form}, form)


@csrf_exempt  # mail programs post it (RFC 8058) without a cookie: the signed token authenticates
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mails that `token` names, or all mails with `all`. A GET only shows the page."""
    try:
        member, kinds = read_token(token)
    except BadSignature:
        raise Http404(_("쓸 수 없는 주소입니다.")) from None
    if request.method == "POST":
        every = Notification.Kind.values
        actions.unsubscribe(member=member, kinds=every if "all" in request.POST else kinds)
    labels = [kind.label for kind in Notification.Kind if kind.value in kinds]
    context = {"kinds": labels, "is_done": request.method == "POST"}
    return render(request, "accounts/unsubscribe.jinja", context)


def _own(request: MemberRequest, pk: int) -> Notification:
    notification = Notification.objects.filter(member=request.user, pk=pk).first()
    if notification is None:
        raise Http404(_("알림이 존재하지 않습니다."))
    return notification
