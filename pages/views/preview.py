"""The buttons of the owner's preview."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import is_owner
from pages import preview
from pages.actions.publishing import discard_drafts, publish_drafts


def _require_owner(request: HttpRequest) -> None:
    if not is_owner(request.user):
        raise PermissionDenied


@require_POST
def preview_site(request: HttpRequest) -> HttpResponse:
    """Begins the preview, or ends it with `is_on=0`."""
    _require_owner(request)
    preview.switch_preview(request, is_on=request.POST.get("is_on") != "0")
    return redirect("/")


@require_POST
def publish_site(request: HttpRequest) -> HttpResponse:
    """Publishes what the preview shows, and ends it."""
    _require_owner(request)
    publish_drafts()
    preview.switch_preview(request, is_on=False)
    messages.success(request, _("게시했습니다. 이제 모두에게 이렇게 보입니다."))
    return redirect("/")


@require_POST
def discard_site(request: HttpRequest) -> HttpResponse:
    """Discards what is not published."""
    _require_owner(request)
    discard_drafts()
    preview.switch_preview(request, is_on=False)
    messages.success(request, _("게시한 모습으로 되돌렸습니다."))
    return redirect("/")
