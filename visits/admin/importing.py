"""이전 사이트의 접속자: the command import_visits for an owner without a shell."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from boardsite.admin_menu import Page, register
from boardsite.visitors.identity import today
from visits.actions.importing import forget_imported_counts, import_day_counts
from visits.models import VisitSettings
from visits.old_counts import MOST_BYTES, WrongFile, decode_file, read_counts
from visits.queries.imported import imported_counts

PAGE = "admin/visits/daycount/import.html"
register(
    Page(
        "admin:import_old_counts",
        _("이전 사이트의 접속자 수 가져오기"),
        lambda user: user.has_perm("visits.change_daycount"),
        "방문자 이사 그누보드",
    )
)


class OldCountsForm(forms.Form):
    """When the form is valid, `counts` is {day: visitors}."""

    file = forms.FileField(label=_("CSV 파일"), required=False)
    text = forms.CharField(
        label=_("또는 여기에 붙여 넣기"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(
            attrs={"rows": 8, "cols": 40, "placeholder": "2009-03-02,618\n2009-03-03,2108"}
        ),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        file, text = data.get("file"), data.get("text", "")
        if file and text.strip():
            raise forms.ValidationError(_t("파일과 붙여 넣은 글 가운데 하나만 주세요."))
        try:
            if file:
                text = decode_file(file.read(MOST_BYTES + 1))
            if not self.errors:
                data["counts"] = read_counts(text, today=today())
        except WrongFile as wrong:
            self.add_error("file" if file else "text", str(wrong))
        return data


class ImportsOldCounts:
    """The part of DayCountAdmin that imports the counts of an older site."""

    def get_urls(self):
        of_staff = self.admin_site.admin_view
        return [
            path("import/", of_staff(self.import_view), name="import_old_counts"),
            path(
                "import/forget/",
                of_staff(require_POST(self.forget_view)),
                name="forget_old_counts",
            ),
            *super().get_urls(),
        ]

    def import_view(self, request):
        _ask_allowed(request)
        is_sent = request.method == "POST"
        form = OldCountsForm(request.POST, request.FILES) if is_sent else OldCountsForm()
        if form.is_valid():
            counts = form.cleaned_data["counts"]
            import_day_counts(counts)
            done = _t("{days:,}일, {visitors:,}명을 가져왔습니다.")
            done = done.format(days=len(counts), visitors=sum(counts.values()))
            messages.success(request, done)
            return redirect("admin:import_old_counts")
        context = {
            **self.admin_site.each_context(request),
            "title": _t("이전 사이트의 접속자 수 가져오기"),
            "form": form,
            "imported": _imported_so_far(),
        }
        return render(request, PAGE, context, status=422 if form.errors else 200)

    def forget_view(self, request):
        _ask_allowed(request)
        days = forget_imported_counts()
        messages.success(request, _t("{days:,}일의 수를 되돌렸습니다.").format(days=days))
        return redirect("admin:import_old_counts")


def _imported_so_far() -> str:
    """A sentence about the imported counts, "" when there are none."""
    counts = imported_counts()
    if not counts.days:
        return ""
    line = _t("{name}: {first}부터 {last}까지 {days:,}일, {visitors:,}명")
    return line.format(name=VisitSettings.known().imported_name, **counts._asdict())


def _ask_allowed(request) -> None:
    # Not ModelAdmin.has_change_permission: nobody may change the site's own counts.
    if not request.user.has_perm("visits.change_daycount"):
        raise PermissionDenied
