"""The style sheets of installed skins."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.skin_language import BadSkin
from boards.skins import read_skin


@require_safe
def show_skin_style(request: HttpRequest, name: str) -> HttpResponse:
    """style.css of an installed skin, as it was checked. No other file of its folder is served."""
    try:
        style = read_skin(name).style
    except BadSkin:
        raise Http404(_("없는 스킨입니다.")) from None
    response = HttpResponse(style, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
