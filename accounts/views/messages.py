"""쪽지: one's own two boxes, and no one else's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import messages as deeds
from accounts.forms.messages import MessageForm, ReportMessageForm
from accounts.models import Message
from accounts.permissions import blocked_by
from accounts.queries.messages import message_row
from boardsite.context import site_settings
from boardsite.dates import full_date
from boardsite.forms import posted_words, show_form
from boardsite.pagination import Pages, page_number
from boardsite.ratelimit import TooMany, hit, hit_or_refuse
from boardsite.visitors import address_key

SENT_AN_HOUR, SENT_A_DAY = 20, 100  # of one member, counted by receivers
REPORTS_A_DAY = 20
KEPT = "kept_message"


@login_required
@require_safe
def list_messages(request: HttpRequest) -> HttpResponse:
    """받은쪽지, or with `?box=sent` 보낸쪽지; the newest first."""
    is_sent = request.GET.get("box") == "sent"
    own = _box(request, is_sent)
    number, size = page_number(request), site_settings(request).page_size
    box = {"box": "sent"} if is_sent else {}
    pages = Pages(number, own.count(), size, request.path, box)
    found = own.order_by("-id")[pages.offset : pages.offset + size]
    context = {
        "is_sent": is_sent,
        "rows": [message_row(message, is_sent=is_sent) for message in found],
        "pages": pages,
    }
    return render(request, "accounts/list_messages.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def write_message(request: HttpRequest) -> HttpResponse:
    """Sends; who has been logged out meanwhile finds his words again after log-in."""
    if not request.user.is_authenticated:
        _keep(request)
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        form = MessageForm(request.POST, sender=request.user)
        if form.is_valid() and _send(request, form):
            return redirect(f"{reverse('list_messages')}?box=sent")
    else:
        kept = request.session.pop(KEPT, {})
        form = MessageForm(sender=request.user, initial={"to": request.GET.get("to", "")} | kept)
    return show_form(request, "accounts/write_message.html", {"form": form}, form)


@login_required
@require_safe
def show_message(request: HttpRequest, pk: int) -> HttpResponse:
    """To open it is to have read it."""
    message = _own(request, pk)
    if request.method == "GET":
        deeds.read_message(message=message, member=request.user)
        request.user.refresh_from_db(fields=["unread_message_count", "unread_notification_count"])
    return _show(request, message, ReportMessageForm())


@login_required
@require_POST
def delete_message(request: HttpRequest, pk: int) -> HttpResponse:
    message = _own(request, pk)
    deeds.delete_message(message=message, member=request.user)
    messages.success(request, _("쪽지를 지웠습니다."))
    is_sent = message.sender_id == request.user.pk
    return redirect(reverse("list_messages") + ("?box=sent" if is_sent else ""))


@login_required
@require_POST
def report_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Shows one that he has received to the owner of the site."""
    message = _own(request, pk)
    if message.receiver_id != request.user.pk:
        raise Http404(_("쪽지가 존재하지 않습니다."))
    form = ReportMessageForm(request.POST)
    if not form.is_valid():
        return _show(request, message, form, status=422)
    if message.reported_at is None:
        hit_or_refuse(f"report_message:{request.user.pk}", limit=REPORTS_A_DAY, seconds=86_400)
        deeds.report_message(message=message, member=request.user, **form.cleaned_data)
    messages.success(request, _("쪽지를 신고했습니다. 사이트 주인이 확인합니다."))
    return redirect(message)


def _box(request: HttpRequest, is_sent: bool):
    own = Message.objects.sent_by if is_sent else Message.objects.received_by
    return own(request.user)


def _own(request: HttpRequest, pk: int) -> Message:
    own = Message.objects.in_box_of(request.user).select_related("sender", "receiver")
    message = own.filter(pk=pk).first()
    if message is None:
        raise Http404(_("쪽지가 존재하지 않습니다."))
    return message


def _show(
    request: HttpRequest, message: Message, form: ReportMessageForm, status: int = 200
) -> HttpResponse:
    is_sent = message.sender_id == request.user.pk
    partner = message.receiver if is_sent else message.sender
    if partner is not None and not partner.is_here:
        partner = None
    around = _box(request, is_sent)
    context = {
        "message": message,
        "is_sent": is_sent,
        "partner": partner,
        "name": message.receiver_name if is_sent else message.sender_name,
        "date": full_date(message.sent_at),
        "read": full_date(message.read_at),
        "older": around.filter(pk__lt=message.pk).order_by("-id").first(),
        "newer": around.filter(pk__gt=message.pk).order_by("id").first(),
        "is_blocked": partner is not None and partner.pk in blocked_by(request.user),
        "form": form,
    }
    return render(request, "accounts/show_message.html", context, status=status)


def _send(request: HttpRequest, form: MessageForm) -> bool:
    """Sends a valid form within the limits; past them nothing is sent and the form says so."""
    sender, receivers = request.user, form.cleaned_data["to"]
    try:
        with transaction.atomic():  # what cannot be sent as a whole is neither sent nor counted
            sent = deeds.send_message(
                sender=sender,
                receivers=receivers,
                text=form.cleaned_data["text"],
                submission=form.cleaned_data["submission"],
            )
            for _message in sent:
                hit_or_refuse(f"message_hour:{sender.pk}", limit=SENT_AN_HOUR, seconds=3600)
                hit_or_refuse(f"message_day:{sender.pk}", limit=SENT_A_DAY, seconds=86_400)
    except TooMany as refusal:
        form.add_error(None, refusal.message)
        form.retry_after = refusal.retry_after
        return False
    names = ", ".join(receiver.nickname for receiver in receivers)
    messages.success(request, _("%s 님께 쪽지를 전달하였습니다.") % names)
    return True


def _keep(request: HttpRequest) -> None:
    """Puts what a guest has posted into the session; ten times an hour, for sessions are rows."""
    words = posted_words(request) if request.method == "POST" else {}
    if words and hit(f"keep:{address_key(request)}", 10, 3600):
        request.session[KEPT] = {key: words.get(key, [""])[0] for key in ("to", "text")}
