"""The page of 처음 할 일: what is done outside of the admin, and skipping steps."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from boardsite.models import SiteSettings
from boardsite.reporting.first_steps import read_first_steps, show_step, skip_step


def list_first_steps(request: HttpRequest) -> HttpResponse:
    """POST skips the step `skip`, or shows the step `show` again."""
    steps = read_first_steps(request.user)
    if not steps:
        raise PermissionDenied
    if request.method == "POST":
        for shown in steps:
            if shown.step.slug == request.POST.get("skip"):
                skip_step(slug=shown.step.slug)
            elif shown.step.slug == request.POST.get("show"):
                show_step(slug=shown.step.slug)
        return redirect("admin:index" if "skip" in request.POST else "list_first_steps")
    context = {
        **admin.site.each_context(request),
        "title": _("처음 할 일"),
        "opts": SiteSettings._meta,
        "steps": steps,
    }
    return render(request, "admin/list_first_steps.html", context)
