"""Traps for programs in the forms of anonymous visitors: a honeypot field, and the time when the
form was rendered."""

from datetime import datetime, timedelta

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boardsite.forms import CutField
from boardsite.typing import StrOrPromise

TOO_SOON = timedelta(seconds=2)
TOO_OLD = timedelta(days=1)
MAX_STAMP = 100  # characters
IS_TOO_OLD = _("페이지를 연 지 오래되었습니다. 확인하고 다시 보내 주세요.")
IS_NO_PERSON = _("사람이 보냈는지 알 수 없습니다. 잠시 후 다시 한번 눌러 주세요.")


class TimestampField(CutField):
    """The signed time of a form."""

    def __init__(self):
        super().__init__(longest=MAX_STAMP, widget=forms.HiddenInput)


class HoneypotField(CutField):
    """A honeypot: people neither see it nor reach it with the keyboard."""

    def __init__(self):
        attrs = {"tabindex": "-1", "autocomplete": "off"}
        super().__init__(longest=MAX_STAMP, widget=forms.TextInput(attrs=attrs))


def stamp(moment: datetime | None = None) -> str:
    """The signed time when a form was created (default: now), which nobody can forge."""
    return _signer().sign(str(int((moment or timezone.now()).timestamp())))


def fresh_stamp(form: forms.Form, name: str = "made") -> str:
    """For the hidden field `name`: the submitted stamp while it is valid, else a new one."""
    sent = form.data.get(name, "") if form.is_bound else ""
    age = _age(sent)
    return sent if age is not None and age < TOO_OLD else stamp()


def trapped(stamped: str, trap: str = "") -> StrOrPromise:
    """The error message for a submission with this stamp and honeypot value; "" for a person."""
    age = _age(stamped)
    if age is None or age >= TOO_OLD:
        return IS_TOO_OLD
    return IS_NO_PERSON if age < TOO_SOON or trap else ""


def _signer() -> Signer:
    return Signer(salt="accounts.forms.traps")


def _age(stamped: str) -> timedelta | None:
    """The age of `stamped`; None when the signature is not ours."""
    if len(stamped) > MAX_STAMP:
        return None
    try:
        made = int(_signer().unsign(stamped))
    except (BadSignature, ValueError):
        return None
    return timedelta(seconds=timezone.now().timestamp() - made)
