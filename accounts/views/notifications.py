"""알림: one's own, and no one else's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import notifications as deeds
from accounts.forms.notifications import NotificationsForm
from accounts.mails.notifications import read_token
from accounts.models import Notification
from accounts.queries.notifications import notification_row
from boardsite.context import site_settings
from boardsite.forms import show_form
from boardsite.pagination import Pages, page_number


@login_required
@require_safe
def list_notifications(request: HttpRequest) -> HttpResponse:
    """The newest first; to see them in the list is not yet to have read them."""
    own = Notification.objects.filter(member=request.user).order_by("-at", "-id")
    number, size = page_number(request), site_settings(request).page_size
    pages = Pages(number, own.count(), size, request.path, {})
    rows = [notification_row(each) for each in own[pages.offset : pages.offset + size]]
    return render(request, "accounts/list_notifications.html", {"rows": rows, "pages": pages})


@login_required
@require_POST
def open_notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks it as read and leads to what it tells of."""
    notification = _own(request, pk)
    deeds.read_notifications(member=request.user, pk=pk)
    return redirect(notification.address)


@login_required
@require_POST
def read_notifications(request: HttpRequest) -> HttpResponse:
    """Marks all as read."""
    deeds.read_notifications(member=request.user)
    return redirect("list_notifications")


@login_required
@require_POST
def delete_notification(request: HttpRequest, pk: int) -> HttpResponse:
    deeds.delete_notification(notification=_own(request, pk))
    return redirect("list_notifications")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose_notifications(request: HttpRequest) -> HttpResponse:
    """How one wants to hear of what."""
    form = NotificationsForm(
        request.POST if request.method == "POST" else None, member=request.user
    )
    if form.is_valid():
        deeds.choose_notifications(member=request.user, ways=form.ways)
        messages.success(request, _("알림 설정을 저장했습니다."))
        return redirect(reverse("list_notifications"))
    return show_form(request, "accounts/choose_notifications.html", {"form": form}, form)


@csrf_exempt  # mail programs press it (RFC 8058), without a cookie: the signed token is who asks
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ends the mails that `token` names, or with `all` every one; to open the page ends none."""
    try:
        member, kinds = read_token(token)
    except BadSignature:
        raise Http404(_("쓸 수 없는 주소입니다.")) from None
    if request.method == "POST":
        every = Notification.Kind.values
        deeds.unsubscribe(member=member, kinds=every if "all" in request.POST else kinds)
    labels = [kind.label for kind in Notification.Kind if kind.value in kinds]
    context = {"kinds": labels, "is_done": request.method == "POST"}
    return render(request, "accounts/unsubscribe.html", context)


def _own(request: HttpRequest, pk: int) -> Notification:
    notification = Notification.objects.filter(member=request.user, pk=pk).first()
    if notification is None:
        raise Http404(_("알림이 존재하지 않습니다."))
    return notification
