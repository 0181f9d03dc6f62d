"""여분 필드: the fields that a board adds to the form of a post."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from boards.forms.fields import LineField
from boards.models import Board, ExtraField, ExtraValue, Post
from boardsite.forms import LengthFirst
from boardsite.text import normalize, richtext

Kind = ExtraField.Kind
LINE_LENGTH = 200
TEXT_LENGTH = 2_000
LINK_LENGTH = 1_000
ASKED = {
    Kind.NUMBER: _("숫자로 적어 주세요. 예: 1200 또는 3.5"),
    Kind.DATE: _("날짜로 적어 주세요. 예: 2026-11-24"),
    Kind.LINK: _("주소로 적어 주세요. 예: https://example.com"),
    Kind.CHOICE: _("목록에서 골라 주세요."),
}


class ParagraphsField(LengthFirst, forms.CharField):
    """Several lines of plain text, cleaned before the length is checked."""

    def to_python(self, value) -> str:
        return richtext.clean_text(super().to_python(value) or "")


class WebField(forms.URLField):
    """An http(s) address."""

    default_validators = [URLValidator(schemes=["http", "https"])]


class NumberField(LengthFirst, forms.DecimalField):
    """A number with at most 6 decimal places. Accepts thousands separators and full-width digits."""

    def to_python(self, value):
        return super().to_python(normalize("NFKC", str(value or "")).replace(",", ""))


class Extras:
    """Adds the extra fields of `board` to `form` as `extra_{id}`; iterates over them in order.

    `post` is the post being edited, whose values are their initial values.
    """

    def __init__(self, form: forms.Form, board: Board, post: Post | None = None):
        self.form = form
        self.rows = list(board.extra_fields.all() if getattr(board, "has_extras", True) else ())
        said: dict[int, str] = {}
        if post is not None and self.rows:
            values = ExtraValue.objects.filter(post=post, field__in=self.rows)
            said = dict(values.values_list("field", "value"))
        for row in self.rows:
            value = said.get(row.pk, "")
            form.fields[name_of(row)] = _form_field(row, value)
            form.initial.setdefault(name_of(row), value)

    def __iter__(self) -> Iterator[forms.BoundField]:
        return (self.form[name_of(row)] for row in self.rows)

    def values(self) -> dict[ExtraField, str]:
        """The values of a valid form, as PostFields.extras."""
        data = self.form.cleaned_data
        return {row: _as_text(data.get(name_of(row))) for row in self.rows}


def name_of(row: ExtraField) -> str:
    return f"extra_{row.pk}"


def _form_field(row: ExtraField, said: str) -> forms.Field:
    """The form field for `row`; `said` is the present value of the post."""
    required = _("%(name)s 칸을 채워 주세요.") % {"name": row.name}
    invalid = ASKED.get(Kind(row.kind), "")
    errors = {"required": required, "invalid": invalid, "invalid_choice": invalid}
    common: dict[str, Any] = {
        "label": row.name,
        "required": row.is_required,
        "error_messages": errors,
    }
    match row.kind:
        case Kind.TEXT:
            return ParagraphsField(
                max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}), **common
            )
        case Kind.NUMBER:
            widget = forms.TextInput(attrs={"inputmode": "decimal"})
            return NumberField(max_digits=20, decimal_places=6, widget=widget, **common)
        case Kind.DATE:
            widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
            return forms.DateField(
                input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d"], widget=widget, **common
            )
        case Kind.LINK:
            return WebField(max_length=LINK_LENGTH, assume_scheme="https", **common)
        case Kind.CHOICE:
            choices = [choice.strip() for choice in row.choices.split(",") if choice.strip()]
            if said and said not in choices:  # removed from the choices since
                choices.append(said)
            pairs = [("", _("골라 주세요")), *((choice, choice) for choice in choices)]
            return forms.ChoiceField(choices=pairs, **common)
    return LineField(max_length=LINE_LENGTH, **common)


def _as_text(value) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value or "")
