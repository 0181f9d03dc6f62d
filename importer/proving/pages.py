"""Content pages, the menu and popups, where the app `pages` is installed; and what the site has counted."""

from collections.abc import Iterator
from datetime import date

from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.utils import timezone

from accounts.models import Member
from boards.models import Board, Draft, ExtraValue
from boardsite.text import richtext
from importer.models import Imported, Kind
from importer.proving.here import EDITED, USED, Pairs
from importer.proving.posts import CLEANED, around
from importer.proving.proof import Proof
from importer.proving.texts import letters, letters_of_html, plain
from importer.proving.there import day, integer, key_number, moment
from importer.reading.staging import Found

# Models of an app that is switched off cannot be imported.
if apps.is_installed("pages"):
    from pages.models import ContentPage, MenuItem, Popup
if apps.is_installed("visits"):
    from visits.models import DayCount

PAGES, MENU, POPUPS = "내용관리", "메뉴", "팝업레이어"
VISITS, DRAFTS, SOCIAL, EXTRAS = "접속자집계", "임시 저장 글", "소셜 계정", "여분 필드"
SWITCHED_OFF = "이 사이트에서 꺼진 기능이라 비교하지 않았습니다: %s."
OWN_PAGE = "이 사이트에 같은 주소의 내용이 먼저 있어 그대로 두었습니다."
OWN_MENU = "이 사이트에서 먼저 만든 메뉴가 있어 그대로 두었습니다."
NO_OWNER = "내용을 가질 운영자가 이 사이트에 없습니다. 운영자를 만들고 다시 가져옵니다."
NO_BODY = "내용이 이 사이트의 길이 제한보다 길어 비워 두었습니다."
NO_MEMBER = "그 회원이 옛 사이트에 더는 없습니다."
NO_PLACE = "그 회원이 글을 쓸 수 있는 게시판이 없거나, 한 회원이 가질 수 있는 수를 넘었습니다."
NO_PROVIDER = "이 사이트에 없는 소셜 로그인입니다."
TAKEN = "그 소셜 계정은 여기에서 이미 연결되어 있습니다."
WRONG_DAY = "날짜가 올바르지 않습니다."
LABEL, TITLE = 40, 120


def check_content(proof: Proof) -> Iterator[int]:
    find = proof.findings
    if not apps.is_installed("pages"):
        find.note(SWITCHED_OFF % PAGES)
        return
    for batch in proof.there.rows("content"):
        keys = Pairs(Kind.CONTENT).of(row["co_id"] for row in batch)
        pages = ContentPage.objects.in_bulk(keys.values())
        find.count(PAGES, there=len(batch), here=len(pages))
        for row in batch:
            page = pages.get(keys.get(row["co_id"], 0))
            if page is None:
                why = "" if Member.objects.filter(is_superuser=True).exists() else NO_OWNER
                find.differ(PAGES, "내용이 없습니다", row["co_id"], row["co_subject"], "", why)
                continue
            why = proof.here.in_admin(page)
            title = plain(row["co_subject"]).strip() or page.slug
            proof.text(
                PAGES, "제목이 다릅니다", row["co_id"], title, page.title, longest=TITLE, reason=why
            )
            source = plain(row.get("co_content", "") or row.get("co_mobile_content", ""))
            seen = letters_of_html(source) if integer(row, "co_html") else letters(source)
            _compare(proof, PAGES, row["co_id"], source, seen, letters_of_html(page.html), why)
            if not page.is_public:
                find.differ(PAGES, "모두가 볼 수 있지 않습니다", row["co_id"], "", "", why)
        yield len(batch)


def _compare(
    proof: Proof, kind: str, where: str, source: str, seen: str, shown: str, why: str
) -> None:
    """Two texts that a reader sees; ours may lack what our own cleaner removes."""
    proof.findings.read(kind, before=source, after=seen, here=shown)
    if seen == shown:
        return
    if not why:
        try:
            why = CLEANED if letters_of_html(richtext.clean(source)) == shown else ""
        except richtext.TooComplex:
            why = NO_BODY if not shown or shown in seen else ""
    proof.findings.differ(kind, "본문이 다릅니다", where, *around(seen, shown), why)


def check_menu(proof: Proof) -> Iterator[int]:
    find = proof.findings
    if not apps.is_installed("pages"):
        find.note(SWITCHED_OFF % MENU)
        return
    is_own = MenuItem.objects.exists() and not Imported.objects.filter(kind=Kind.MENU).exists()
    for batch in proof.there.rows("menu"):
        keys = Pairs(Kind.MENU).of(row["me_code"] for row in batch)
        items = MenuItem.objects.in_bulk(keys.values())
        find.count(MENU, there=len(batch), here=len(items))
        for row in batch:
            item = items.get(keys.get(row["me_code"], 0))
            if item is None:
                why = OWN_MENU if is_own else ""
                find.differ(MENU, "메뉴가 없습니다", row["me_code"], row["me_name"], "", why)
                continue
            why, where = proof.here.in_admin(item), row["me_code"]
            name = plain(row["me_name"]).strip() or "-"
            proof.text(MENU, "이름이 다릅니다", where, name, item.label, longest=LABEL, reason=why)
            above = where[:2] if len(where) > 2 else ""
            wanted = Pairs(Kind.MENU).of([above]).get(above) if above else None
            find.same(MENU, "상위 메뉴가 다릅니다", where, wanted, item.parent_id, why)
        yield len(batch)


def check_popups(proof: Proof) -> Iterator[int]:
    find = proof.findings
    if not apps.is_installed("pages"):
        find.note(SWITCHED_OFF % POPUPS)
        return
    for batch in proof.there.rows("new_win"):
        keys = Pairs(Kind.POPUP).of(row["nw_id"] for row in batch)
        popups = Popup.objects.in_bulk(keys.values())
        find.count(POPUPS, there=len(batch), here=len(popups))
        for row in batch:
            popup, where = popups.get(keys.get(row["nw_id"], 0)), row["nw_id"]
            if popup is None:
                find.differ(POPUPS, "팝업레이어가 없습니다", where, row["nw_subject"], "")
                continue
            why = proof.here.in_admin(popup)
            title = plain(row["nw_subject"]).strip() or "-"
            proof.text(
                POPUPS, "제목이 다릅니다", where, title, popup.title, longest=100, reason=why
            )
            source = plain(row["nw_content"])
            seen, shown = letters_of_html(source), letters_of_html(popup.body)
            if seen and not shown:
                find.differ(POPUPS, "본문이 다릅니다", where, seen, shown, why or NO_BODY)
            else:
                _compare(proof, POPUPS, where, source, seen, shown, why)
            ends = moment(row.get("nw_end_time", ""))
            starts = moment(row.get("nw_begin_time", ""))
            if ends and starts and ends > starts:
                find.same(POPUPS, "끝나는 시각이 다릅니다", where, ends, popup.ends_at, why)
        yield len(batch)


# -- What the site has counted ---------------------------------------------------------------------
def check_visits(proof: Proof) -> Iterator[int]:
    find = proof.findings
    if not apps.is_installed("visits"):
        find.note(SWITCHED_OFF % VISITS)
        return
    for batch in proof.there.rows("visit_sum"):
        days: dict[date, int] = {}
        for row in batch:
            at = day(row["vs_date"])
            if at is None or at.year < 1990 or at > timezone.now():
                find.differ(VISITS, "날짜가 올바르지 않습니다", row["vs_date"], "", "", WRONG_DAY)
            else:
                days[at.date()] = max(integer(row, "vs_count"), 0)
        here = dict(DayCount.objects.filter(day__in=days).values_list("day", "imported"))
        find.count(VISITS, there=len(days), here=len(here))
        for on, there in days.items():
            find.add("접속자", there, here.get(on, 0))
            find.same(VISITS, "접속자 수가 다릅니다", str(on), there, here.get(on, 0))
        yield len(batch)


# -- What belongs to members and posts -------------------------------------------------------------
def check_drafts(proof: Proof) -> Iterator[int]:
    find = proof.findings
    for batch in proof.there.rows("autosave"):
        keys = Pairs(Kind.DRAFT).of(row["as_uid"] for row in batch)
        drafts = Draft.objects.in_bulk(keys.values())
        members = proof.members_of(batch, "mb_id")
        find.count(DRAFTS, there=len(batch), here=len(drafts))
        for row in batch:
            draft, member = (
                drafts.get(keys.get(row["as_uid"], 0)),
                members.get(row["mb_id"].lower()),
            )
            where = f"{row['as_id']} {row['mb_id']}"
            used = USED if proof.here.has_logged_in(member) else ""
            if draft is None:
                reason = NO_MEMBER if member is None else used
                reason = reason or (NO_PLACE if row["as_uid"] not in keys else "")
                find.differ(DRAFTS, "임시 저장 글이 없습니다", where, "", "", reason)
                continue
            find.same(DRAFTS, "회원이 다릅니다", where, member, draft.member_id)
            subject = plain(row["as_subject"])
            proof.text(
                DRAFTS, "제목이 다릅니다", where, subject, draft.subject, longest=200, reason=used
            )
            there, here = letters_of_html(plain(row["as_content"])), letters_of_html(draft.source)
            find.same(DRAFTS, "내용이 다릅니다", where, there, here, used)
        yield len(batch)


def check_social_accounts(proof: Proof) -> Iterator[int]:
    find = proof.findings
    for batch in proof.there.rows("member_social_profiles"):
        keys = Pairs(Kind.SOCIAL).of(row["mp_no"] for row in batch)
        accounts = SocialAccount.objects.in_bulk(keys.values())
        members = proof.members_of(batch, "mb_id")
        find.count(SOCIAL, there=len(batch), here=len(accounts))
        for row in batch:
            account, member = (
                accounts.get(keys.get(row["mp_no"], 0)),
                members.get(row["mb_id"].lower()),
            )
            where = f"{row['provider']} {row['mb_id']}"
            if account is None:
                reason = NO_MEMBER if member is None else _why_unconnected(row)
                find.differ(SOCIAL, "소셜 계정이 없습니다", where, "", "", reason)
            else:
                there = (member, plain(row["identifier"]).strip())
                find.same(
                    SOCIAL, "소셜 계정이 다릅니다", where, there, (account.user_id, account.uid)
                )
        yield len(batch)


def _why_unconnected(row: Found) -> str:
    """The same account may be connected already; other providers do not exist here."""
    provider, uid = row["provider"].strip().lower(), plain(row["identifier"]).strip()
    if provider not in ("kakao", "naver", "google", "apple", "github"):
        return NO_PROVIDER
    return TAKEN if SocialAccount.objects.filter(provider=provider, uid=uid).exists() else ""


def check_extras(proof: Proof) -> Iterator[int]:
    """wr_1 … wr_10 of posts, wherever they hold something."""
    for name, _row, board in proof.boards():
        columns = [f"wr_{place}" for place in range(1, 11)]
        columns = [each for each in columns if proof.there.has(f"write_{name}", each)]
        if not columns:
            continue
        fields = Pairs(Kind.FIELD, board.pk).of(columns)
        for batch in proof.there.rows(f"write_{name}"):
            rows = [
                row
                for row in batch
                if not integer(row, "wr_is_comment") and any(row.get(each) for each in columns)
            ]
            if rows:
                _compare_extras(proof, name, board, rows, columns, fields)
            yield len(batch)


def _compare_extras(
    proof: Proof,
    name: str,
    board: Board,
    rows: list[Found],
    columns: list[str],
    fields: dict[str, int],
) -> None:
    posts = {post.number: post for post in board.posts.filter(number__in=_numbers(rows))}
    values = {
        (value.post_id, value.field_id): value.value
        for value in ExtraValue.objects.filter(post__in=posts.values())
    }
    for row in rows:
        post = posts.get(key_number(row["wr_id"]))
        if post is None:
            continue
        for column in (each for each in fields if row.get(each)):
            there, here = plain(row[column]), values.get((post.pk, fields[column]), "")
            proof.findings.count(EXTRAS, there=1, here=bool(here))
            if letters(there) != letters(here):
                why = EDITED if post.edited_at else ""
                where = f"{name}/{row['wr_id']} {column}"
                proof.findings.differ(EXTRAS, "값이 다릅니다", where, there, here, why)
        for column in columns:
            if row.get(column) and column not in fields:
                where = f"{name}/{row['wr_id']} {column}"
                proof.findings.differ(EXTRAS, "값이 없습니다", where, row[column], "")


def _numbers(rows: list[Found]) -> list[int]:
    return [key_number(row["wr_id"]) for row in rows]
