"""Pictures of the site itself, for everybody."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from boards.views.sending import send_file
from pages.models import SiteImage
from pages.models.images import FOLDER

FOREVER = "public, max-age=31536000, immutable"  # what changes gets another address


@require_safe
def show_site_image(request: HttpRequest, name: str) -> HttpResponseBase:
    image = SiteImage.objects.filter(file=f"{FOLDER}/{name}").first()
    if image is None:
        raise Http404(_("사진이 없습니다."))
    headers = {
        "Content-Type": "image/gif" if name.endswith(".gif") else "image/webp",
        "Content-Disposition": "inline",
        "Cache-Control": FOREVER,
    }
    return send_file(request, image.file, headers)
