"""What every form that a guest may send lays out for programs: a field that people do not see, and
the moment when the form was shown."""

from datetime import datetime, timedelta

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

TOO_SOON = timedelta(seconds=2)
TOO_OLD = timedelta(days=1)
IS_TOO_OLD = _("페이지를 연 지 오래되었습니다. 확인하고 다시 보내 주세요.")
IS_NO_PERSON = _("사람이 보냈는지 알 수 없습니다. 잠시 뒤에 다시 한번 눌러 주세요.")


def stamp(moment: datetime | None = None) -> str:
    """When a form was made (default: now), signed, so that nobody can make one up."""
    return _signer().sign(str(int((moment or timezone.now()).timestamp())))


def fresh_stamp(form: forms.Form, name: str = "made") -> str:
    """For the hidden field `name`: the stamp that was sent while it is good, else a new one."""
    sent = form.data.get(name, "") if form.is_bound else ""
    age = _age(sent)
    return sent if age is not None and age < TOO_OLD else stamp()


def trapped(stamped: str, trap: str = "") -> str:
    """The sentence for who sends a form with this stamp and this in its trap; "" for a person."""
    age = _age(stamped)
    if age is None or age >= TOO_OLD:
        return IS_TOO_OLD
    return IS_NO_PERSON if age < TOO_SOON or trap else ""


def _signer() -> Signer:
    return Signer(salt="accounts.forms.traps")


def _age(stamped: str) -> timedelta | None:
    """How long ago `stamped` was made; None when we did not make it."""
    try:
        made = int(_signer().unsign(stamped))
    except (BadSignature, ValueError):
        return None
    return timedelta(seconds=timezone.now().timestamp() - made)
