"""아이디 that our rules refuse: their owners log in with them until they have chosen another one.

Here such a member has a made-up 아이디 (actions/members.py). The ledger holds the old one (Kind.NAME) until
they have chosen; they are asked once after each log-in.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.middleware.asking import opens_page
from accounts.models import Member
from importer.models import Imported, Kind

ASKS = "asks_new_name"  # a key of the session


def find_by_old_name(name: str) -> Member | None:
    """The member who had this 아이디 and has not chosen another one yet (settings.OLD_NAMES)."""
    old = Imported.objects.filter(kind=Kind.NAME, board=0, old=name.strip().lower()[:64])
    return Member.objects.filter(pk__in=old.values("new")).first()


def old_name_of(member: Member) -> str:
    """The 아이디 for which the member shall choose another one; "" if there is none."""
    old = Imported.objects.filter(kind=Kind.NAME, board=0, new=member.pk)
    return old.values_list("old", flat=True).first() or ""


def note_log_in(sender: object, request: HttpRequest | None, user: Member, **_others) -> None:
    """Django's signal user_logged_in."""
    if request is not None and old_name_of(user):
        request.session[ASKS] = True


class AskForNewName:
    """Leads a member to the form once after the log-in, by the next page that they open (as AskConsents)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if not opens_page(request) or not request.user.is_authenticated:
            return None
        if ASKS not in request.session:
            return None
        del request.session[ASKS]
        here = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('choose_username')}?{here}")
