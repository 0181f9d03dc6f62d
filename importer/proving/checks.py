"""All comparisons, in the order in which they are made."""

from collections.abc import Callable, Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from importer.proving.addresses import check_addresses
from importer.proving.comments import check_comments
from importer.proving.consents import check_consents
from importer.proving.files import (
    check_files,
    check_inline_files,
    check_member_pictures,
    count_files,
)
from importer.proving.ledgers import check_messages, check_points
from importer.proving.left import check_left, count_left
from importer.proving.own_boards import check_faq, check_inquiries, check_polls
from importer.proving.page_pictures import check_page_pictures
from importer.proving.pages import (
    check_content,
    check_drafts,
    check_extras,
    check_menu,
    check_popups,
    check_social_accounts,
    check_visits,
)
from importer.proving.people import check_boards, check_groups, check_members
from importer.proving.posts import check_posts, count_posts
from importer.proving.proof import Check, Proof
from importer.proving.reactions import check_scraps, check_votes
from importer.proving.search_words import check_search_words
from importer.proving.seeing import check_seeing
from importer.proving.there import There


def _table(name: str) -> Callable[[There], int]:
    return lambda there: there.total(name)


def check_unusable(proof: Proof) -> Iterator[int]:
    """Rows that were left out already when the old site was read."""
    refused = proof.there.old.staging.refused()
    for table, row, reason in refused:
        words = f"가져올 수 없는 행입니다: {reason.partition(' (')[0]}."
        proof.findings.differ("읽을 수 없는 행", table, f"{table} {row}", reason, "", words)
    yield len(refused)


CHECKS = (
    Check(_("읽을 수 없는 행"), lambda there: 0, check_unusable),
    Check(_("그룹"), _table("group"), check_groups),
    Check(_("게시판"), _table("board"), check_boards),
    Check(_("회원"), _table("member"), check_members),
    Check(_("동의"), _table("member"), check_consents),
    Check(_("글"), count_posts, check_posts),
    Check(_("댓글"), count_posts, check_comments),
    Check(_("추천"), _table("board_good"), check_votes),
    Check(_("스크랩"), _table("scrap"), check_scraps),
    Check(_("쪽지"), _table("memo"), check_messages),
    Check(_("포인트"), _table("point"), check_points),
    Check(_("여분 필드"), count_posts, check_extras),
    Check(_("임시 저장 글"), _table("autosave"), check_drafts),
    Check(_("소셜 계정"), _table("member_social_profiles"), check_social_accounts),
    Check(_("설문조사"), _table("poll"), check_polls),
    Check(_("FAQ"), _table("faq"), check_faq),
    Check(_("1:1 문의"), _table("qa_content"), check_inquiries),
    Check(_("내용관리"), _table("content"), check_content),
    Check(_("메뉴"), _table("menu"), check_menu),
    Check(_("팝업레이어"), _table("new_win"), check_popups),
    Check(_("접속자집계"), _table("visit_sum"), check_visits),
    Check(_("인기검색어"), _table("popular"), check_search_words),
    Check(_("옛 사이트에서 지운 것"), count_left, check_left),
    Check(_("첨부파일"), count_files, check_files),
    Check(_("본문의 사진"), count_posts, check_inline_files),
    Check(_("회원 사진"), _table("member"), check_member_pictures),
    Check(_("내용과 FAQ의 사진"), _table("content"), check_page_pictures),
    Check(_("볼 수 있는 사람"), _table("board"), check_seeing),
    Check(_("옛 주소"), lambda there: 3 + there.total("board"), check_addresses),
)


def prove(
    proof: Proof,
    show: Callable[[Check, int, Iterator[int]], None] | None = None,
    checks: Iterable[Check] = CHECKS,
) -> None:
    """Runs the checks. `show` runs one of so many rows, and shows how far it is."""
    for check in checks:
        if show is not None:
            show(check, check.total(proof.there), check.run(proof))
        else:
            for _done in check.run(proof):
                pass
