"""The whole move, step by step. Each step can be killed at any point and run again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from boardsite.typing import StrOrPromise
from importer.actions.comments import import_comments
from importer.actions.content import import_content, import_pictures_of_content
from importer.actions.drafts import import_drafts
from importer.actions.extras import import_extras
from importer.actions.faq import import_faq
from importer.actions.files import (
    import_files,
    import_pictures_of_bodies,
    import_pictures_of_members,
)
from importer.actions.gone import drop_gone
from importer.actions.groups import import_boards, import_groups
from importer.actions.inquiries import import_files_of_inquiries, import_inquiries
from importer.actions.kinds import KEPT
from importer.actions.lines import count_line
from importer.actions.members import import_members
from importer.actions.menus import import_menu, import_popups
from importer.actions.messages import import_messages
from importer.actions.own_pictures import import_pictures_of_own_boards
from importer.actions.pages_for_pictures import import_pictures_of_faq, import_pictures_of_popups
from importer.actions.points import import_points
from importer.actions.polls import import_opinions, import_polls
from importer.actions.posts import import_posts
from importer.actions.reactions import import_anonymous_votes, import_scraps, import_votes
from importer.actions.rights import import_admin_rights, import_rights
from importer.actions.site_settings import import_settings
from importer.actions.social import import_social_accounts
from importer.actions.sums import import_search_words, import_visit_counts
from importer.models import Imported
from importer.reading.files import OldFiles
from importer.reading.site import OldSite


@dataclass(frozen=True)
class Step:
    """A kind of rows. `run` yields how many rows of the old site it has looked at."""

    name: StrOrPromise
    total: Callable[[OldSite], int]
    run: Callable[[OldSite], Iterator[int]]


def _at_once(action: Callable[[OldSite], int], table: str) -> Callable[[OldSite], Iterator[int]]:
    def run(old: OldSite) -> Iterator[int]:
        action(old)
        yield old.count(table)

    return run


STEPS = (
    Step(_("그룹"), lambda old: old.count("group"), _at_once(import_groups, "group")),
    Step(_("게시판"), lambda old: old.count("board"), _at_once(import_boards, "board")),
    Step(_("회원"), lambda old: old.count("member"), import_members),
    Step(_("권한"), lambda old: old.count("group_member"), _at_once(import_rights, "group_member")),
    Step(_("설정"), lambda old: 1, import_settings),
    # Before the posts, so that they are no news here.
    Step(_("FAQ"), lambda old: old.count("faq"), import_faq),
    Step(_("설문조사"), lambda old: old.count("poll"), import_polls),
    Step(_("기타의견"), lambda old: old.count("poll_etc"), import_opinions),
    Step(_("1:1 문의"), lambda old: old.count("qa_content"), import_inquiries),
    Step(_("글"), lambda old: count_line(old, is_comment=False), import_posts),
    Step(_("여분 필드"), lambda old: 0, import_extras),
    Step(_("댓글"), lambda old: count_line(old, is_comment=True), import_comments),
    Step(_("추천"), lambda old: old.count("board_good"), import_votes),
    Step(_("옛 추천 수"), lambda old: 0, import_anonymous_votes),
    Step(_("스크랩"), lambda old: old.count("scrap"), import_scraps),
    Step(_("쪽지"), lambda old: old.count("memo"), import_messages),
    Step(_("포인트"), lambda old: old.count("point"), import_points),
    Step(_("임시 저장 글"), lambda old: old.count("autosave"), import_drafts),
    Step(
        _("소셜 계정"),
        lambda old: old.count("member_social_profiles"),
        import_social_accounts,
    ),
    Step(_("관리 권한"), lambda old: old.count("auth"), import_admin_rights),
    Step(_("인기검색어"), lambda old: old.count("popular"), import_search_words),
    Step(_("접속자집계"), lambda old: old.count("visit_sum"), import_visit_counts),
    Step(_("내용관리"), lambda old: old.count("content"), import_content),
    Step(_("메뉴"), lambda old: old.count("menu"), import_menu),
    Step(_("팝업레이어"), lambda old: old.count("new_win"), import_popups),
)


@dataclass(frozen=True)
class FileStep:
    """The same for what needs the folder `data/` of the old site."""

    name: StrOrPromise
    total: Callable[[OldSite], int]
    run: Callable[[OldSite, OldFiles], Iterator[int]]


FILE_STEPS = (
    FileStep(_("첨부파일"), lambda old: old.count("board_file"), import_files),
    FileStep(
        _("본문의 사진과 링크"),
        lambda old: count_line(old, is_comment=False),
        import_pictures_of_bodies,
    ),
    FileStep(
        _("FAQ와 문의의 사진"),
        lambda old: old.count("faq") + old.count("qa_content"),
        import_pictures_of_own_boards,
    ),
    FileStep(_("FAQ 위아래의 사진"), lambda old: old.count("faq_master"), import_pictures_of_faq),
    FileStep(_("문의의 파일"), lambda old: old.count("qa_content"), import_files_of_inquiries),
    FileStep(_("내용관리의 사진"), lambda old: old.count("content"), import_pictures_of_content),
    FileStep(_("팝업레이어의 사진"), lambda old: old.count("new_win"), import_pictures_of_popups),
    FileStep(_("회원 사진"), lambda old: old.count("member"), import_pictures_of_members),
)


def _drop_all_gone(old: OldSite) -> Iterator[int]:
    for kept in reversed(KEPT):
        if not kept.is_note:
            yield from drop_gone(old, kept)


LAST_STEP = Step(_("그누보드에서 지워진 것"), lambda old: Imported.objects.count(), _drop_all_gone)
