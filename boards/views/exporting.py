"""내 자료 내려받기: the export of the member's own data."""

import tempfile

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import MemberRequest
from accounts.proof import ask_for_proof, count_guess
from boards.exporting import write_export
from boards.forms.exporting import ExportForm
from boardsite.forms import show_form
from boardsite.limits.rate_limit import hit_or_refuse

A_DAY = 3


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def export_own_data(request: MemberRequest) -> HttpResponseBase:
    """Asks for the password, then sends the ZIP; 429 for the fourth export of a day."""
    if (page := ask_for_proof(request)) is not None:
        return page
    member = request.user
    if request.method != "POST":
        return _show(request, ExportForm(member=member))
    count_guess(request)
    form = ExportForm(request.POST, member=member)
    if not form.is_valid():
        return _show(request, form)
    hit_or_refuse(f"export:{member.pk}", limit=A_DAY, seconds=86_400)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it, and so it goes
    write_export(member, file, with_files=form.cleaned_data["with_files"])
    file.seek(0)
    name = f"{member.username}-{timezone.localdate():%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def _show(request: HttpRequest, form: ExportForm) -> HttpResponse:
    return show_form(request, "boards/export_own_data.jinja", {"form": form}, form)
