"""Votes and scraps: rows that have no key here but their post and their member."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Q

from boards.models import Post, PostVote, Scrap
from importer.proving.here import USED, WRITTEN
from importer.proving.proof import Proof
from importer.proving.there import Scratch, integer, key_number, moment
from importer.reading.staging import Found

VOTES, SCRAPS = "추천", "스크랩"
FLAGS = {"good": 1, "nogood": -1}
NAMES = {"1": "추천", "-1": "비추천"}
TWICE = "같은 회원이 같은 글에 한 것이 옛 사이트에 두 번 있습니다. 한 번만 셉니다."
NOT_THERE = "그 글이나 회원이 옛 사이트에 더는 없습니다."
BY_ROWS = "추천 내역이 옛 사이트가 글에 적어 둔 수보다 많습니다. 내역대로 셉니다."
NO_FLAG = "추천도 비추천도 아닌 줄입니다."


class About(NamedTuple):
    """A row about a post, with our ids of the post and the member."""

    row: Found
    post: int
    member: int
    where: str


def check_votes(proof: Proof) -> Iterator[int]:
    find, scratch = proof.findings, Scratch()
    for batch in proof.there.rows("board_good"):
        find.count(VOTES, there=len(batch))
        for about in _about_posts(proof, batch, VOTES):
            flag = FLAGS.get(about.row.get("bg_flag", ""))
            if flag is None:
                find.differ(VOTES, "종류가 없습니다", about.where, "", "", NO_FLAG)
            elif not scratch.expect(f"{about.post} {about.member}", str(flag), about.where):
                find.differ(VOTES, "두 번 있습니다", about.where, NAMES[str(flag)], "", TWICE)
        yield len(batch)
    ours = PostVote.objects.filter(post__board__in=[board for _n, _r, board in proof.boards()])
    for post, member, value in ours.values_list("post_id", "member_id", "value").iterator():
        expected = scratch.take(f"{post} {member}")
        why = USED if proof.here.has_logged_in(member) else ""
        if expected is None:
            find.differ(
                VOTES, "옛 사이트에 없는 추천입니다", _where(post), "", NAMES[str(value)], why
            )
            continue
        find.count(VOTES, here=1)
        if expected[0] != str(value):
            there, here = NAMES[expected[0]], NAMES[str(value)]
            find.differ(VOTES, "추천과 비추천이 바뀌었습니다", expected[1], there, here, why)
    for key, flag_there, where in scratch.missed():
        why = USED if proof.here.has_logged_in(int(key.split()[1])) else ""
        find.differ(VOTES, "추천이 없습니다", where, NAMES[flag_there], "", why)
    yield from _check_counts(proof)


def _check_counts(proof: Proof) -> Iterator[int]:
    """The counts that posts show: the old ones, or those of the votes where there are more of these."""
    for name, _row, board in proof.boards():
        if not proof.there.has(f"write_{name}", "wr_good"):
            continue
        for batch in proof.there.rows(f"write_{name}"):
            rows = {
                key_number(row["wr_id"]): row for row in batch if not integer(row, "wr_is_comment")
            }
            posts = board.posts.filter(number__in=rows).select_related("anonymous_votes")
            posts = posts.annotate(
                likes=Count("votes", filter=Q(votes__value=1)),
                dislikes=Count("votes", filter=Q(votes__value=-1)),
            )
            for post in posts.order_by():
                row, nobody = rows[post.number], getattr(post, "anonymous_votes", None)
                likes = post.likes + (nobody.like_count if nobody else 0)
                dislikes = post.dislikes + (nobody.dislike_count if nobody else 0)
                where = f"{name}/{post.number}"
                _check_count(proof, "추천", where, integer(row, "wr_good"), post.like_count, likes)
                _check_count(
                    proof, "비추천", where, integer(row, "wr_nogood"), post.dislike_count, dislikes
                )
            yield 0


def _check_count(
    proof: Proof, title: str, where: str, there: int, stored: int, counted: int
) -> None:
    proof.findings.add(title, there, stored)
    if stored != counted:
        what = f"저장된 {title} 수가 맞지 않습니다"
        proof.findings.differ(VOTES, what, where, counted, stored)
    elif there != stored:
        reason = BY_ROWS if stored > there else ""
        proof.findings.differ(VOTES, f"{title} 수가 다릅니다", where, there, stored, reason)


def check_scraps(proof: Proof) -> Iterator[int]:
    find, scratch = proof.findings, Scratch()
    for batch in proof.there.rows("scrap"):
        find.count(SCRAPS, there=len(batch))
        for about in _about_posts(proof, batch, SCRAPS):
            saved = about.row.get("ms_datetime", "")
            if not scratch.expect(f"{about.post} {about.member}", saved, about.where):
                find.differ(SCRAPS, "두 번 있습니다", about.where, saved, "", TWICE)
        yield len(batch)
    ours = Scrap.objects.filter(post__board__in=[board for _n, _r, board in proof.boards()])
    for post, member, at in ours.values_list("post_id", "member_id", "created_at").iterator():
        expected = scratch.take(f"{post} {member}")
        if expected is None:
            why = _since(proof, at)
            find.differ(SCRAPS, "옛 사이트에 없는 스크랩입니다", _where(post), "", member, why)
            continue
        find.count(SCRAPS, here=1)
        there = moment(expected[0])
        if there is not None and there != at:
            find.differ(SCRAPS, "스크랩한 시각이 다릅니다", expected[1], there, at)
    for key, saved, where in scratch.missed():
        why = USED if proof.here.has_logged_in(int(key.split()[1])) else ""
        find.differ(SCRAPS, "스크랩이 없습니다", where, saved, "", why)


def _since(proof: Proof, at: datetime) -> str:
    return WRITTEN if at > proof.here.ended_at else ""


def _where(pk: int) -> str:
    found = Post.objects.filter(pk=pk).values_list("board__slug", "number").first()
    return f"{found[0]}/{found[1]}" if found else ""


def _about_posts(proof: Proof, rows: list[Found], kind: str) -> Iterator[About]:
    """The rows whose post and member are on both sides; says which are not."""
    members = proof.members_of(rows, "mb_id")
    posts = {
        name: proof.posts_of(board, [row for row in rows if row["bo_table"] == name])
        for name in {row["bo_table"] for row in rows}
        if (board := proof.board(name)) is not None
    }
    for row in rows:
        where = f"{row['bo_table']}/{row['wr_id']} {row['mb_id']}"
        post = posts.get(row["bo_table"], {}).get(key_number(row["wr_id"]))
        member = members.get(row["mb_id"].lower())
        if post is None or member is None:
            reason = "" if _are_there(proof, row) else NOT_THERE
            proof.findings.differ(kind, "글이나 회원이 없습니다", where, row["wr_id"], "", reason)
        else:
            yield About(row, post, member, where)


def _are_there(proof: Proof, row: Found) -> bool:
    """Whether the old site itself still has the post and the member of a row."""
    table = f"write_{row['bo_table']}"
    if row["bo_table"] not in proof.there.boards or not proof.there.has(table):
        return False
    found = proof.there.select(table, "wr_id IN (?, ?)", [row["wr_id"], key_number(row["wr_id"])])
    if not any(integer(each, "wr_is_comment") == 0 for each in found):
        return False
    return bool(proof.there.select("member", "lower(mb_id) = ?", [row["mb_id"].lower()]))
