"""Files of search engines and advertisers, and the pages of ads in a sandbox."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from boardsite.caching import page_cache
from boardsite.caching.versions import SITE
from pages.models import Ad, ServiceSettings
from pages.queries.services import services_in_use
from pages.text.verification import Engine

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
"""Of templates/pages/_ads.jinja too. Without allow-same-origin the page has an origin of its own, so that
it reaches neither the site's cookies nor its pages. What it opens is an ordinary page again, because
shops do not work in a sandbox."""

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src https: 'unsafe-inline'",
        "style-src https: 'unsafe-inline'",
        "img-src https: data:",
        "font-src https: data:",
        "media-src https:",
        "connect-src https:",
        "frame-src https:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        f"sandbox {SANDBOX}",
    ]
)
START = (
    '<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>광고</title><base target="_blank">'
    "<style>body { margin: 0; overflow: hidden; background: #fff; }</style></head><body>"
)
END = "</body></html>"


@require_safe
@xframe_options_exempt  # its policy says frame-ancestors, and Firefox complains about both
def show_ad(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner's HTML as a page of its own origin. Opened directly it is in the same sandbox."""
    used = services_in_use()
    ads = [ad for ad in (used.ads if used else ()) if ad.pk == pk and ad.kind == Ad.Kind.HTML]
    if not ads:
        raise Http404
    page_cache.cache_page(request, scope=SITE)
    headers = {"Content-Security-Policy": POLICY, "X-Robots-Tag": "noindex"}
    return HttpResponse(f"{START}{ads[0].html}{END}", headers=headers)


@require_safe
def ads_txt(request: HttpRequest) -> HttpResponse:
    """Who may sell the site's advertising space (IAB Tech Lab). 404 until the owner has entered it."""
    text = ServiceSettings.known().ads_txt
    if not text:
        raise Http404
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8")


@require_safe
def show_verification_file(request: HttpRequest, engine: Engine, **name: str) -> HttpResponse:
    """The file that proves to a search engine whose site this is; only the one that it has asked for."""
    kept = getattr(ServiceSettings.known(), f"{engine.key}_verification")
    if not kept or not (engine.file_holds_code or kept in name.values()):
        raise Http404
    kind = "text/xml" if engine.file_holds_code else "text/html"
    return HttpResponse(engine.content_of(kept), content_type=f"{kind}; charset=utf-8")
