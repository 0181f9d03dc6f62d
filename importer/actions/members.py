"""Members, with their old passwords."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Member
from accounts.models.members import FOREVER
from accounts.queries.nicknames import passes_for_staff
from accounts.text.names import USERNAME, clean_nickname, nickname_key, nickname_shape
from importer.actions.author_addresses import keep_addresses_of_members
from importer.actions.kept import Kept
from importer.actions.ledger import Ledger, in_batches, remember
from importer.actions.member_details import follow_details, import_details
from importer.models import Kind, pks
from importer.passwords import encode_old, is_imported, is_known
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import SEOUL, day, flag, moment, number, plain, without_tags

LONGEST_NICKNAME = 16
LONGEST_USERNAME = 20
LONGEST_KEY = 64
NOT_IN_USERNAMES = re.compile(r"[^a-z0-9_]")
LONGEST_PROFILE, LONGEST_SIGNATURE = 300, 200
LONGEST_MAIL = 254
NO_MAIL = "no-mail.invalid"  # RFC 2606: nothing is ever sent there


MEMBER = Kept(
    Kind.MEMBER,
    Member,
    key=lambda row: _key(row),
    columns=(
        "nickname",
        "email",
        "level",
        "introduction",
        "signature",
        "shows_profile",
        "left_at",
        "suspended_until",
    ),
    derived=(
        "nickname_key",
        "nickname_shape",
        "nickname_claim",
        "suspension_reason",
        "password",  # as long as they have not logged in here
    ),
    stays=True,
)


def import_members(old: OldSite) -> Iterator[int]:
    """Creates the members who are new, in the order in which they joined; yields how many rows were
    looked at."""
    ledger = Ledger(old, MEMBER)
    owner = old.config.get("cf_admin", "").lower()
    for rows in in_batches(old.rows("member", order="mb_datetime, mb_no")):
        with transaction.atomic():
            batch = ledger.sort_out(rows)
            taken = _Taken(batch.new + [row for row, _imported in batch.changed])
            made = [(row, _member(row, taken, is_owner=_key(row) == owner)) for row in batch.new]
            Member.objects.bulk_create([member for _row, member in made])
            ledger.remember(made)
            import_details(old, made)
            keep_addresses_of_members(made)
            _ask_for_names(made)
            _note_cuts(old, batch.new)
            ledger.update(batch, partial(_again, taken))
            follow_details(row for row, _imported in batch.changed)
        yield len(rows)
    _set_recommenders(old)


def _again(taken: "_Taken", row: Found, here: Member) -> Member:
    """A member whose row has changed. Their names are taken by themselves."""
    with taken.without(here):
        fresh = _member(row, taken, is_owner=here.is_superuser)
    if not is_imported(here.password):
        fresh.password = here.password
    return fresh


def _note_cuts(old: OldSite, rows: list[Found]) -> None:
    for row in rows:
        for column, longest in (
            ("mb_profile", LONGEST_PROFILE),
            ("mb_signature", LONGEST_SIGNATURE),
        ):
            if len(_text(row.get(column, ""))) > longest:
                old.note("짧게 줄인 서명과 자기소개", row["mb_id"])
        signature = plain(row.get("mb_signature", ""))
        old.removed.look(f"서명 {row['mb_id']}", signature, _text(signature))


def _ask_for_names(pairs: list[tuple[Found, Member]]) -> None:
    """Whose 아이디 our rules refuse is asked for another one after the log-in (importer.new_names)."""
    refused: list[tuple[str, int, Found]] = [
        (_key(row), each.pk, {})
        for row, each in pairs
        if not each.is_superuser
        and each.left_at is None
        and (
            each.username != _key(row)
            or not USERNAME.match(each.username)
            or passes_for_staff(each.username)
        )
    ]
    remember(Kind.NAME, refused)


def _set_recommenders(old: OldSite) -> None:
    """추천인, who may have joined later than those whom they recommended."""
    members = pks(Kind.MEMBER)
    rows = (
        old.rows("member", where="mb_recommend != ''") if old.has("member", "mb_recommend") else ()
    )
    for row in rows:
        recommender = members.get(row["mb_recommend"].strip().lower())
        if recommender and (pk := members.get(_key(row))) and pk != recommender:
            own = Member.objects.filter(pk=pk, recommender=None, erased_at=None)
            own.update(recommender=recommender)


def _member(row: Found, taken: "_Taken", *, is_owner: bool) -> Member:
    now = timezone.now()
    left, stopped = _reached(row, "mb_leave_date"), _reached(row, "mb_intercept_date")
    joined = moment(row.get("mb_datetime", "")) or now
    nickname = taken.nickname(plain(row.get("mb_nick", "")) or row["mb_id"])
    shape = nickname_shape(nickname)
    return Member(
        username=taken.username(_key(row)),
        password=_password(row),
        nickname=nickname,
        nickname_key=nickname_key(nickname),
        nickname_shape=shape,
        nickname_claim=taken.claim(shape),
        email=taken.email(plain(row.get("mb_email", "")).strip(), _key(row)),
        level=10 if is_owner else min(max(number(row, "mb_level", 2), 2), 10),
        is_staff=is_owner,
        is_superuser=is_owner,
        introduction=plain(row.get("mb_profile", ""))[:LONGEST_PROFILE],
        signature=_text(row.get("mb_signature", ""))[:LONGEST_SIGNATURE],
        shows_profile=flag(row, "mb_open"),
        date_joined=joined,
        last_login=moment(row.get("mb_today_login", "")),
        left_at=_at(left),
        suspended_until=FOREVER if stopped and not left else None,
        suspension_reason="그누보드에서 접근차단된 회원" if stopped and not left else "",
    )


@dataclass(frozen=True)
class NameChange:
    """What a member will be called otherwise than there. `what` is a column of Member."""

    what: str
    key: str
    before: str
    after: str


def name_changes(old: OldSite, rows: Iterable[Found]) -> Iterator[NameChange]:
    """The names and addresses that an import of these rows, in this order, would change. Writes nothing."""
    ledger, known_names = Ledger(old, MEMBER), _Taken(())
    for batch in in_batches(iter(rows)):
        new = ledger.sort_out(batch).new
        taken = _Taken(new)
        known_names.add(taken)
        for row in new:
            nickname = plain(row["mb_nick"]).strip() or row["mb_id"]
            for what, before, after in (
                ("username", row["mb_id"].lower(), known_names.username(_key(row))),
                ("nickname", nickname, known_names.nickname(nickname)),
                (
                    "email",
                    row["mb_email"].strip(),
                    known_names.email(plain(row["mb_email"]).strip(), ""),
                ),
            ):
                if before != after:
                    yield NameChange(what, _key(row), before[:40], after)


class _Taken:
    """Names and addresses that belong to somebody, here or earlier in the batch."""

    def __init__(self, rows: Iterable[Found]):
        keys = {NOT_IN_USERNAMES.sub("_", _key(row))[:LONGEST_USERNAME] for row in rows}
        mails = {row.get("mb_email", "").strip().lower() for row in rows}
        shapes = {nickname_shape(clean_nickname(row.get("mb_nick", ""))[:40]) for row in rows}
        nicknames = {nickname_key(clean_nickname(row.get("mb_nick", ""))[:40]) for row in rows}
        members = Member.objects.order_by()
        self.usernames = {*_values(members, "username", keys)}
        self.emails = {*map(str.lower, _values(members, "email", mails))}
        self.claims = {*_values(members, "nickname_claim", shapes)}
        self.keys = {*_values(members, "nickname_key", nicknames)}

    def add(self, others: "_Taken") -> None:
        self.usernames |= others.usernames
        self.emails |= others.emails
        self.claims |= others.claims
        self.keys |= others.keys

    @contextmanager
    def without(self, member: Member) -> Iterator[None]:
        """Lets a member keep what they have. What they give up is not yet free for others in the batch."""
        sets = (self.usernames, self.emails, self.claims, self.keys)
        own = (
            member.username,
            member.email.lower(),
            member.nickname_claim,
            member.nickname_key,
        )
        for taken, name in zip(sets, own, strict=True):
            taken.discard(name)
        yield
        for taken, name in zip(sets, own, strict=True):
            taken.add(name)

    def username(self, wanted: str) -> str:
        """The 아이디. What cannot stand in an address here becomes _ (gnuboard5's own form makes none of
        those, but an administrator of the database can)."""
        wanted = NOT_IN_USERNAMES.sub("_", wanted)[:LONGEST_USERNAME]
        return self._free(wanted, "username", self.usernames, LONGEST_USERNAME, str)

    def nickname(self, wanted: str) -> str:
        """The 별명, with a number behind it where somebody already has it."""
        wanted = clean_nickname(wanted)[:LONGEST_NICKNAME]
        return self._free(wanted, "nickname_key", self.keys, LONGEST_NICKNAME, nickname_key)

    def claim(self, shape: str) -> str:
        if not shape or shape in self.claims:
            return ""
        self.claims.add(shape)
        return shape

    def email(self, wanted: str, username: str) -> str:
        """The address, unless somebody has it; then one that receives nothing."""
        if "@" not in wanted or len(wanted) > LONGEST_MAIL or wanted.lower() in self.emails:
            wanted = f"{username}@{NO_MAIL}"
        self.emails.add(wanted.lower())
        return wanted

    @staticmethod
    def _free(
        wanted: str, column: str, taken: set[str], longest: int, form: Callable[[str], str]
    ) -> str:
        name, attempt = wanted, 1
        while not form(name) or form(name) in taken:
            attempt += 1
            name = f"{wanted[: longest - len(str(attempt))]}{attempt}"
            if Member.objects.filter(**{column: form(name)}).exists():
                taken.add(form(name))
        taken.add(form(name))
        return name


def _values(members: QuerySet[Member], column: str, wanted: set[str]) -> Iterator[str]:
    found = members.filter(**{f"{column}__in": wanted - {""}})
    return found.values_list(column, flat=True).iterator()


def _password(row: Found) -> str:
    stored = row.get("mb_password", "").strip()
    return encode_old(stored) if is_known(stored) else make_password(None)


def _text(html: str) -> str:
    return without_tags(plain(html)).strip()


def _reached(row: Found, name: str) -> date | None:
    """A day since which something holds; gnuboard5 takes no notice of one in the future."""
    at = day(row.get(name, ""))
    return at if at and at <= timezone.localdate() else None


def _at(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL) if day else None


def _key(row: Found) -> str:
    """아이디 are compared without case in MySQL; ours are in lower case."""
    return row["mb_id"].lower()[:LONGEST_KEY]
