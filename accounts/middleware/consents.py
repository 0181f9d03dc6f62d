"""Legal texts that a member must accept before they can go on."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.middleware.asking import opens_page
from accounts.queries.legal_texts import known_demand, texts_to_agree


class AskConsents:
    """Redirects a member to the consent page when the owner has changed a text.

    The session stores the latest text that was checked, so no request needs a query
    while no new text asks for consent. It takes effect with the next page that a member opens. The
    owners of the site, who publish the texts, are not asked."""

    MARK = "asked_consents"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not opens_page(request) or not request.user.is_authenticated:
            return None
        demand = known_demand()
        if not demand or request.session.get(self.MARK, 0) >= demand:
            return None
        if request.user.is_superuser or not texts_to_agree(request.user):
            self.mark(request)
            return None
        here = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('accept_texts')}?{here}")

    @classmethod
    def mark(cls, request) -> None:
        """Skips this session until another text asks for consent."""
        request.session[cls.MARK] = known_demand()
