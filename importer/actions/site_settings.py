"""기본환경설정: the options of `g5_config` that have a counterpart. What an owner has set here stays."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.actions.consents import publish_text
from accounts.models import LegalText, MemberSettings, PointSettings
from boardsite.models import OneRow, SiteSettings
from boardsite.text import richtext
from importer.actions.ledger import digest, remember
from importer.models import Imported, Kind, known
from importer.reading.options import TEXTS_OF_INSTALLER
from importer.reading.site import OldSite
from importer.reading.values import count, flag, names, plain

LONGEST_LIST = 20_000  # characters of a list of names, words or addresses
MOST_DAYS, MOST_POINTS = 32_767, 1_000_000


@dataclass(frozen=True)
class Option:
    """A column of g5_config and the field here; `value` takes the row and the name of the column."""

    column: str
    model: type[OneRow]
    field: str
    value: Callable[[dict[str, str], str], Any]


def _days(row: dict[str, str], name: str) -> int:
    return count(row, name, MOST_DAYS)


def _points(row: dict[str, str], name: str) -> int:
    return count(row, name, MOST_POINTS)


def _lines(row: dict[str, str], name: str) -> str:
    text = plain(row.get(name, "")).replace("\r", "").replace("\n", ",")
    return "\n".join(names(text, ","))[:LONGEST_LIST]


OPTIONS = (
    Option("cf_title", SiteSettings, "name", lambda row, name: plain(row[name]).strip()[:60]),
    Option("cf_page_rows", SiteSettings, "page_size", lambda r, n: min(max(count(r, n), 5), 100)),
    Option(
        "cf_filter", SiteSettings, "blocked_words", lambda row, name: _lines(row, name)[:10_000]
    ),
    Option("cf_use_point", PointSettings, "is_on", flag),
    Option("cf_register_point", PointSettings, "signup", _points),
    Option("cf_login_point", PointSettings, "login", _points),
    Option("cf_memo_send_point", PointSettings, "message_cost", _points),
    Option("cf_point_term", PointSettings, "keep_days", _points),
    Option(
        "cf_recommend_point",
        PointSettings,
        "recommend",
        lambda row, name: _points(row, name) if flag(row, "cf_use_recommend") else 0,
    ),
    Option("cf_nick_modify", MemberSettings, "nickname_days", _days),
    Option("cf_leave_day", MemberSettings, "leave_days", lambda row, name: count(row, name, 365)),
    Option("cf_memo_del", MemberSettings, "message_days", _days),
    Option("cf_use_email_certify", MemberSettings, "confirms_email", flag),
    Option("cf_use_promotion", MemberSettings, "offers_marketing", flag),
    Option("cf_prohibit_id", MemberSettings, "refused_names", _lines),
    Option("cf_prohibit_email", MemberSettings, "refused_mail", _lines),
)
LEGAL_TEXTS = {"cf_stipulation": LegalText.Kind.TERMS, "cf_privacy": LegalText.Kind.PRIVACY}


def import_settings(old: OldSite) -> Iterator[int]:
    """Sets what still has its default here, or the value of the last run; yields 1."""
    row = old.config
    with transaction.atomic():
        for option in OPTIONS:
            if option.column in row:
                _set(option, option.value(row, option.column))
        for column, kind in LEGAL_TEXTS.items():
            _publish(old, column, kind)
    OneRow.forget()
    yield 1


def _set(option: Option, value: Any) -> None:
    settings = option.model.load()
    present = getattr(settings, option.field)
    default = getattr(option.model(), option.field)
    before = known(Kind.SETTING, [option.column]).get(option.column)
    if before is None:
        may_set = present == default
    else:
        may_set = before.digest == _digest(present) and present != value
    if may_set and value != "":
        setattr(settings, option.field, value)
        settings.save(update_fields=[option.field])
    if before is None or may_set:
        _remember(option.column, value)


def _publish(old: OldSite, column: str, kind: str) -> None:
    """The first version of a text that members agree to, unless it is what the installer wrote."""
    text = plain(old.config.get(column, "")).replace("\r\n", "\n").strip()
    if known(Kind.SETTING, [column]) or not text or text in TEXTS_OF_INSTALLER:
        return
    if not LegalText.objects.filter(kind=kind).exists():
        try:
            publish_text(kind=kind, text=text, is_html=_is_html(text))
        except richtext.TooComplex:
            old.note("너무 길어 가져오지 않은 약관", column)
    _remember(column, text)


def _is_html(text: str) -> bool:
    return "</" in text or "<br" in text.lower()


def _remember(column: str, value: Any) -> None:
    Imported.objects.filter(kind=Kind.SETTING, old=column).delete()
    remember(Kind.SETTING, [(column, 0, {"value": repr(value)})])


def _digest(value: Any) -> int:
    return digest({"value": repr(value)})
