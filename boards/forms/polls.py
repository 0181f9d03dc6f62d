"""Polls (설문): the part of a post's form, and the form of a vote."""

import datetime
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import MEMBER_LEVEL, OWNER_LEVEL
from boards.forms.fields import LineField
from boards.models import Poll, Post
from boards.models.polls import (
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    OPINION_LENGTH,
    OPTION_LENGTH,
    QUESTION_LENGTH,
)
from boards.permissions import Access
from boards.queries.post_fields import PollFields

YEARS = range(2000, 2101)  # of an end; others overflow in some time zone or mean nothing
ALL_FIELDS = (
    "poll_question",
    "poll_options",
    "poll_most_choices",
    "poll_closes_at",
    "poll_results",
    "poll_min_level",
    "poll_is_changeable",
    "poll_takes_opinions",
)


class OptionsInput(forms.Widget):
    """As many text fields with one name as there may be options (boards/_poll_fields.jinja)."""

    def value_from_datadict(self, data, files, name):
        return data.getlist(name) if hasattr(data, "getlist") else data.get(name)

    def id_for_label(self, id_):
        return f"{id_}_1"


class OptionsField(forms.Field):
    """The texts of the options as a tuple, without those that were left empty."""

    widget = OptionsInput

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.line = LineField(
            required=False,
            max_length=OPTION_LENGTH,
            error_messages={"max_length": _("항목은 %(limit_value)d자까지 쓸 수 있습니다.")},
        )

    def clean(self, value):
        sent = value if isinstance(value, list | tuple) else [value] if value else []
        sent = [text for text in sent if text]
        if len(sent) > MOST_OPTIONS:
            raise forms.ValidationError(
                _t("항목은 %(most)d개까지 쓸 수 있습니다.") % {"most": MOST_OPTIONS}
            )
        return tuple(filter(None, (self.line.clean(text) for text in sent)))


class PollPart:
    """Adds the fields of a poll to `form` where the visitor may add one (`is_offered`).

    Of a poll in which somebody has voted (`is_started`) only the end can be changed. After the form
    was validated, `value` is the poll, or None.
    """

    def __init__(self, form: forms.Form, can: Access, post: Post | None):
        self.form = form
        self.poll: Poll | None = getattr(post, "poll", None)
        self.is_offered = can.poll
        self.is_started = self.poll is not None and self.poll.voter_count > 0
        self.value: PollFields | None = None
        if self.is_offered:
            form.fields |= _fields()
            if self.is_started:
                for name in {*ALL_FIELDS} - {"poll_closes_at"}:
                    del form.fields[name]
                form.fields["poll_closes_at"].help_text = ""

    @property
    def fields(self) -> list[forms.BoundField]:
        return [self.form[name] for name in ALL_FIELDS if name in self.form.fields]

    @property
    def is_open(self) -> bool:
        """Whether the part of the form is not folded away: there is a poll, or something is wrong."""
        if self.is_started or any(field.errors for field in self.fields):
            return True
        return any(self.form[name].value() for name in ("poll_question", "poll_options"))

    @property
    def option_values(self) -> list[str]:
        """The texts for all fields of options, the empty ones at the end."""
        value = self.form["poll_options"].value() or []
        texts = [text for text in ([value] if isinstance(value, str) else value) if text]
        return (texts + [""] * MOST_OPTIONS)[: max(MOST_OPTIONS, len(texts[:50]))]

    def check(self, data: dict[str, Any]) -> None:
        """Checks what several fields say together, and sets `value`."""
        if not self.is_offered:
            return
        if self.is_started:
            self._check_end_of_started(data)
            return
        question, options = data.get("poll_question"), data.get("poll_options")
        if question is None or options is None or not (question or options):
            return  # errors of their own, or no poll
        if not question:
            self._refuse("question", _t("설문의 질문을 써 주세요."))
        if len(options) < FEWEST_OPTIONS:
            self._refuse("options", _t("항목을 두 개 이상 써 주세요."))
        if len({option.casefold() for option in options}) < len(options):
            self._refuse("options", _t("같은 항목이 두 번 있습니다."))
        most = data.get("poll_most_choices") or 1
        if most > max(len(options), 1):
            self._refuse("most_choices", _t("항목보다 많이 고를 수는 없습니다."))
        closes_at = data.get("poll_closes_at")
        is_new_end = self.poll is None or closes_at != _to_minute(self.poll.closes_at)
        if closes_at and is_new_end and not _is_ahead(closes_at):
            self._refuse("closes_at", _t("마감은 지금보다 뒤여야 합니다."))
        if data.get("poll_results") == Poll.Results.CLOSED and not closes_at:
            self._refuse("closes_at", _t("끝난 뒤에 결과를 보이려면 마감을 정해 주세요."))
        if not self.form.errors:
            self.value = PollFields(
                question=question,
                options=options,
                most_choices=most,
                closes_at=closes_at if is_new_end or self.poll is None else self.poll.closes_at,
                results=data["poll_results"] or Poll.Results.ALWAYS,
                min_level=data["poll_min_level"] or MEMBER_LEVEL,
                is_changeable=data["poll_is_changeable"],
                takes_opinions=data["poll_takes_opinions"],
            )

    def _check_end_of_started(self, data: dict[str, Any]) -> None:
        if self.poll is None:
            return
        present = PollFields.of(self.poll)
        self.value = present
        closes_at = data.get("poll_closes_at")
        if "poll_closes_at" not in data or closes_at == _to_minute(present.closes_at):
            return
        if closes_at is None or (present.closes_at and closes_at > present.closes_at):
            self._refuse("closes_at", _t("투표가 시작되어 마감은 앞당길 수만 있습니다."))
        elif not _is_ahead(closes_at):
            self.value = replace(present, closes_at=timezone.now())
        else:
            self.value = replace(present, closes_at=closes_at)

    def _refuse(self, name: str, sentence: str) -> None:
        self.form.add_error(f"poll_{name}", sentence)


def poll_initial(poll: PollFields | None) -> dict[str, Any]:
    """The `initial` of a form that edits this poll."""
    if poll is None:
        return {}
    return {name: getattr(poll, name.removeprefix("poll_")) for name in ALL_FIELDS} | {
        "poll_options": list(poll.options)
    }


def _is_ahead(moment: datetime.datetime) -> bool:
    return moment.year in YEARS and moment > timezone.now()


def _to_minute(moment: datetime.datetime | None) -> datetime.datetime | None:
    """As the form shows it."""
    return moment and moment.replace(second=0, microsecond=0)


def _check_year(moment: datetime.datetime) -> None:
    if moment.year not in YEARS:
        raise forms.ValidationError(_t("마감을 다시 확인해 주세요."))


def _fields() -> dict[str, forms.Field]:
    level_choices = [(level, str(level)) for level in range(MEMBER_LEVEL, OWNER_LEVEL + 1)]
    level_choices[0] = (MEMBER_LEVEL, _t("모든 회원"))
    return {
        "poll_question": LineField(
            label=_("질문"),
            required=False,
            max_length=QUESTION_LENGTH,
            error_messages={"max_length": _("질문은 %(limit_value)d자까지 쓸 수 있습니다.")},
        ),
        "poll_options": OptionsField(label=_("항목"), required=False),
        "poll_most_choices": forms.TypedChoiceField(
            label=_("고를 수 있는 수"),
            choices=[
                (count, _t("하나만") if count == 1 else _t("%d개까지") % count)
                for count in range(1, MOST_OPTIONS + 1)
            ],
            coerce=int,
            initial=1,
            required=False,
        ),
        "poll_closes_at": forms.DateTimeField(
            label=_("마감"),
            required=False,
            validators=[_check_year],
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            help_text=_("비워 두면 끝나지 않습니다."),
            error_messages={"invalid": _("날짜와 시각을 적어 주세요. 예: 2026-12-24 18:00")},
        ),
        "poll_results": forms.ChoiceField(
            label=_("결과 보이기"),
            choices=Poll.Results.choices,
            initial=Poll.Results.ALWAYS,
            required=False,
        ),
        "poll_min_level": forms.TypedChoiceField(
            label=_("투표할 수 있는 레벨"),
            choices=level_choices,
            coerce=int,
            initial=MEMBER_LEVEL,
            required=False,
        ),
        "poll_is_changeable": forms.BooleanField(label=_("투표를 바꿀 수 있음"), required=False),
        "poll_takes_opinions": forms.BooleanField(label=_("기타의견 받기"), required=False),
    }


class VoteForm(forms.Form):
    """A vote in the poll of a post, with a 기타의견 if the poll takes them."""

    options = forms.MultipleChoiceField(
        error_messages={
            "required": _("투표할 항목을 골라 주세요."),
            "invalid_choice": _("설문의 항목이 바뀌었습니다. 다시 골라 주세요."),
            "invalid_list": _("투표할 항목을 골라 주세요."),
        }
    )
    opinion = LineField(
        label=_("기타의견"),
        required=False,
        max_length=OPINION_LENGTH,
        error_messages={"max_length": _("의견은 %(limit_value)d자까지 쓸 수 있습니다.")},
    )

    def __init__(self, *args, poll: Poll, **kwargs):
        super().__init__(*args, **kwargs)
        self.poll = poll
        self.fields["options"].choices = [(option.pk, option.text) for option in poll.options.all()]
        if not poll.takes_opinions:
            del self.fields["opinion"]

    def clean_options(self) -> set[int]:
        chosen = {int(pk) for pk in self.cleaned_data["options"]}
        if len(chosen) > self.poll.most_choices:
            sentence = _t("%(count)d개까지 고를 수 있습니다.")
            raise forms.ValidationError(sentence % {"count": self.poll.most_choices})
        return chosen
