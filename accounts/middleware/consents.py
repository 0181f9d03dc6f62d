"""Texts that a member must agree to before he goes on."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.queries.legal_texts import known_demand, texts_to_agree


class AskConsents:
    """Leads a member to the page where he agrees to a text that the owner has changed.

    Only from pages that he opens (GET): what he has written and sends is taken, so that no words
    are lost. The session remembers the last text that was asked about; while nothing new asks for
    consent, no request pays a query. It takes effect with the next page that a member opens, in
    other processes than the one that published the text within OneRow.SECONDS. The owners of the
    site, who publish, are not asked.
    """

    MARK = "asked_consents"
    FREE = ("/accounts/", "/admin/", "/terms/", "/privacy/")  # to read, agree, log out or leave

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        demand = known_demand()
        if not demand or request.method != "GET" or request.path.startswith(self.FREE):
            return None
        if request.headers.get("Sec-Fetch-Dest", "document") != "document":
            return None  # a picture, or a piece that a script fetches
        if request.session.get(self.MARK, 0) >= demand or not request.user.is_authenticated:
            return None
        if request.user.is_superuser or not texts_to_agree(request.user):
            self.mark(request)
            return None
        here = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('agree_anew')}?{here}")

    @classmethod
    def mark(cls, request) -> None:
        """This session need not be asked again until another text asks for consent."""
        request.session[cls.MARK] = known_demand()
