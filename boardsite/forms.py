"""How forms are rendered, and which submitted fields a refusal offers again."""

import itertools
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from boardsite.limits.rate_limit import TooMany
from boardsite.text import raw_limit
from boardsite.typing import StrOrPromise

LONGEST_OFFERED = 200_000  # characters of all fields together
HIDDEN_PREFIXES = ("submission", "made", "captcha_")  # prefixes of the names of hidden fields


class SiteFormRenderer(TemplatesSetting):
    """Uses the site's own templates for fields and errors."""

    form_template_name = "ui/form.jinja"
    field_template_name = "ui/field.jinja"


class LengthFirst:
    """For a field that transforms its text before Django checks the length of the result.

    A text that is far too long is refused before it is transformed."""

    def clean(self, value):
        length = getattr(self, "max_length", None)
        if isinstance(value, str) and len(value) > raw_limit(length):
            sentence = self.error_messages.get("max_length", MaxLengthValidator.message)
            counts = {"limit_value": length or raw_limit(length), "show_value": len(value)}
            raise ValidationError(sentence, code="max_length", params=counts)
        return super().clean(value)


class CutField(forms.CharField):
    """For fields that a script fills in or nobody. A longer value than `longest` is invalid in any
    case, so it is cut."""

    def __init__(self, *, longest: int, **kwargs):
        super().__init__(required=False, **kwargs)
        self.longest = longest

    def clean(self, value):
        return super().clean(value[: self.longest] if isinstance(value, str) else value)


def posted_words(request: HttpRequest, *, without_passwords: bool = False) -> dict[str, list[str]]:
    """Every field that a person filled in, by name.

    The result is empty when the form is too long to offer again or holds a password. With
    `without_passwords` only the passwords are left out."""
    words = {
        name: values
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and any(values)
    }
    if without_passwords:
        words = {name: values for name, values in words.items() if "password" not in name}
    length = sum(len(value) for values in words.values() for value in values)
    if length > LONGEST_OFFERED or any("password" in name for name in words):
        return {}
    return words


def send_again(request: HttpRequest, words: dict[str, list[str]]) -> dict[str, Any]:
    """The context of templates/ui/send_again.jinja, which offers `words` for submitting them again."""
    written = [each for name, each in words.items() if not name.startswith(HIDDEN_PREFIXES)]
    values = [value for each in written for value in each]
    longest = max(values, key=len, default="")[:1000]
    return {"kept": words, "longest": longest, "path": request.path}


class CameTooSoon(ValidationError):
    """The form error of a rate limit."""

    def __init__(self, refusal: TooMany, sentence: StrOrPromise = ""):
        super().__init__(sentence or refusal.message, code="too_many")
        self.retry_after, self.status = refusal.retry_after, refusal.status


def refuse_form(
    form: BaseForm, refusal: TooMany, field: str | None = None, sentence: StrOrPromise = ""
) -> None:
    """Adds the refusal as a form error. `show_form` then answers with the status of `refusal`."""
    form.add_error(field, CameTooSoon(refusal, sentence))


def set_status(response: HttpResponse, form: BaseForm) -> None:
    """422 when the form is invalid, or the status of the refusal (429) when a rate limit refused it."""
    if form.errors:
        response.status_code = 422
    for error in itertools.chain.from_iterable(form.errors.as_data().values()):
        if isinstance(error, CameTooSoon):
            response.status_code = error.status
            response.headers["Retry-After"] = str(error.retry_after)


def show_form(
    request: HttpRequest, template: str, context: dict[str, Any], form: BaseForm
) -> HttpResponse:
    """A page with a form, with the status that set_status gives it."""
    response = render(request, template, context)
    set_status(response, form)
    return response
