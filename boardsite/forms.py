"""How every form of the site draws itself, and what of a form is kept when it cannot be taken."""

from django.forms import Form
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONGEST_KEPT = 200_000  # characters of all fields together


class SiteFormRenderer(TemplatesSetting):
    """Our own field and error markup."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"


def posted_words(request: HttpRequest) -> dict[str, list[str]]:
    """Every field that a person filled in, by name.

    Empty when the form is too long to keep, or holds a password, which is never kept.
    """
    words = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and any(values)
    }
    length = sum(len(value) for values in words.values() for value in values)
    if length > LONGEST_KEPT or any("password" in name for name in words):
        return {}
    return words


def show_form(request: HttpRequest, template: str, context: dict, form: Form) -> HttpResponse:
    """A page with a form: 422 when there is something to correct, 429 when it came too soon."""
    response = render(request, template, context)
    if form.errors:
        response.status_code = 422
    if hasattr(form, "retry_after"):
        response.status_code = 429
        response.headers["Retry-After"] = str(form.retry_after)
    return response
