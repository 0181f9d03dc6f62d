"""쪽지: the member's own two boxes."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import messages as actions
from accounts.actions.points import NotEnoughPoints
from accounts.forms.messages import MessageForm, ReportMessageForm
from accounts.models import Member, Message
from accounts.permissions import MemberRequest, blocked_by
from accounts.queries.messages import message_row
from accounts.queries.receivers import name_to_write_to, names_to_offer
from accounts.text.names import USERNAME
from boardsite.context import site_settings
from boardsite.databases.optional_writes import write_if_free
from boardsite.dates import full_date
from boardsite.forms import posted_words, refuse_form, show_form
from boardsite.limits.attempts import counts_attempts
from boardsite.limits.rate_limit import TooMany, hit, hit_or_refuse
from boardsite.pagination import Pages, page_number
from boardsite.visitors.identity import address_key

SENT_AN_HOUR, SENT_A_DAY = 20, 100  # per sender, counted by receivers
REPORTS_A_DAY = 20
NAMES_A_MINUTE = 60  # suggestions while typing
KEPT = "kept_message"


@login_required
@require_safe
def list_messages(request: MemberRequest) -> HttpResponse:
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
    return render(request, "accounts/list_messages.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@counts_attempts
def write_message(request: HttpRequest) -> HttpResponse:
    """Sends a message. A member who was logged out meanwhile gets their text back after log-in."""
    if not request.user.is_authenticated:
        _keep(request)
        return redirect_to_login(request.get_full_path())
    if request.method == "POST":
        form = MessageForm(request.POST, sender=request.user)
        if form.is_valid() and _send(request, request.user, form):
            return redirect(f"{reverse('list_messages')}?box=sent")
    else:
        kept = request.session.pop(KEPT, {})
        form = MessageForm(sender=request.user, initial={"to": _receiver(request)} | kept)
    return show_form(request, "accounts/write_message.jinja", {"form": form}, form)


@login_required
@require_safe
def offer_names(request: MemberRequest) -> JsonResponse:
    """별명 that begin with `q`, for mentions.js: {"names": [...]}. The form resolves them on
    submission."""
    hit_or_refuse(f"offer_names:{request.user.pk}", limit=NAMES_A_MINUTE, seconds=60)
    return JsonResponse({"names": names_to_offer(request.GET.get("q", ""), sender=request.user)})


@login_required
@require_safe
def show_message(request: MemberRequest, pk: int) -> HttpResponse:
    """Opening a message marks it as read."""
    message = _own(request, pk)
    if request.method == "GET":
        write_if_free(partial(actions.read_message, message=message, member=request.user))
        request.user.refresh_from_db(fields=["unread_message_count", "unread_notification_count"])
    return _show(request, message, ReportMessageForm())


@login_required
@require_POST
def delete_message(request: MemberRequest, pk: int) -> HttpResponse:
    message = _own(request, pk)
    actions.delete_message(message=message, member=request.user)
    messages.success(request, _("쪽지를 지웠습니다."))
    is_sent = message.sender_id == request.user.pk
    return redirect(reverse("list_messages") + ("?box=sent" if is_sent else ""))


@login_required
@require_POST
@counts_attempts
def report_message(request: MemberRequest, pk: int) -> HttpResponse:
    """Reports a received message to the owner of the site."""
    message = _own(request, pk)
    if message.receiver_id != request.user.pk:
        raise Http404(_("쪽지가 존재하지 않습니다."))
    form = ReportMessageForm(request.POST)
    if not form.is_valid():
        return _show(request, message, form, status=422)
    if message.reported_at is None:
        hit_or_refuse(f"report_message:{request.user.pk}", limit=REPORTS_A_DAY, seconds=86_400)
        actions.report_message(message=message, member=request.user, **form.cleaned_data)
    messages.success(request, _("쪽지를 신고했습니다. 운영자가 확인합니다."))
    return redirect(message)


def _receiver(request: HttpRequest) -> str:
    """The initial value of the field of receivers: links contain the 아이디, people read 별명."""
    to = request.GET.get("to", "")
    member = None
    if USERNAME.match(to):
        member = Member.objects.filter(username=to).first()
    return to if member is None else name_to_write_to(member)


def _box(request: MemberRequest, is_sent: bool) -> QuerySet[Message]:
    own = Message.objects.sent_by if is_sent else Message.objects.received_by
    return own(request.user)


def _own(request: MemberRequest, pk: int) -> Message:
    own = Message.objects.in_box_of(request.user).select_related("sender", "receiver")
    message = own.filter(pk=pk).first()
    if message is None:
        raise Http404(_("쪽지가 존재하지 않습니다."))
    return message


def _show(
    request: MemberRequest, message: Message, form: ReportMessageForm, status: int = 200
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
    return render(request, "accounts/show_message.jinja", context, status=status)


def _send(request: HttpRequest, sender: Member, form: MessageForm) -> bool:
    """Sends a valid form within the rate limits; above them the form gets an error and nothing is
    sent."""
    receivers = form.cleaned_data["to"]
    try:
        with transaction.atomic():  # all or nothing is sent and counted
            sent = actions.send_message(
                sender=sender,
                receivers=receivers,
                text=form.cleaned_data["text"],
                submission=form.cleaned_data["submission"],
            )
            for _message in sent:
                hit_or_refuse(f"message_hour:{sender.pk}", limit=SENT_AN_HOUR, seconds=3600)
                hit_or_refuse(f"message_day:{sender.pk}", limit=SENT_A_DAY, seconds=86_400)
    except TooMany as refusal:
        refuse_form(form, refusal)
        return False
    except NotEnoughPoints as refusal:
        form.add_error(None, str(refusal))
        return False
    names = ", ".join(receiver.nickname for receiver in receivers)
    messages.success(request, _("%s님께 쪽지를 보냈습니다.") % names)
    return True


def _keep(request: HttpRequest) -> None:
    """Stores the text of a logged-out visitor in the session; ten times an hour, because sessions
    are rows."""
    words = posted_words(request) if request.method == "POST" else {}
    if words and hit(f"keep:{address_key(request)}", 10, 3600):
        request.session[KEPT] = {key: words.get(key, [""])[0] for key in ("to", "text")}
