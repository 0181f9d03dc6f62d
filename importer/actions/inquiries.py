"""1:1 문의: one inquiry board. A question is a post; its answer and additional questions are comments."""

from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Member
from boards.actions.files import count_files
from boards.actions.inquiries import close_inquiry, settle_inquiry
from boards.actions.posts import write_post
from boards.models import Board, BoardTexts, Category, Comment, Inquiry, Post, PostBody
from boards.models.paths import path_part
from boardsite.databases.statements import next_ids
from boardsite.text import richtext
from importer.actions.comments import remove_comments, save_comments
from importer.actions.files import keep_old_file, remember_paths
from importer.actions.kept import Kept
from importer.actions.ledger import Ledger, remember
from importer.actions.own_boards import (
    cleaned,
    find_own_board,
    own_board,
    set_own_texts,
    text_in,
)
from importer.actions.posts import remove_posts, save_posts
from importer.models import Kind, known, pks
from importer.reading.cleaning import rendered
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Found
from importer.reading.values import count, flag, moment, names, plain

LONGEST_NAME, LONGEST_SUBJECT, LONGEST_CATEGORY = 40, 200, 20
PLACES = (1, 2)  # qa_file1, qa_file2
INQUIRY: Kept = Kept(
    Kind.INQUIRY,
    Post,
    key=lambda row: row["qa_id"],
    columns=("state", "subject", "category_id", "author_name", "body.format", "body.source"),
    derived=("body.html", "body.cleaner_version"),
    save=lambda pairs: save_posts(INQUIRY, pairs),
    remove=remove_posts,
    loads=("board", "author"),
)
ANSWER: Kept = Kept(
    Kind.ANSWER,
    Comment,
    key=lambda row: row["qa_id"],
    columns=("state", "author_name", "text"),
    derived=("html",),
    save=lambda pairs: save_comments(ANSWER, pairs),
    remove=remove_comments,
    loads=("post__board",),
)


def import_inquiries(old: OldSite) -> Iterator[int]:
    """Creates the questions and answers that are new, and changes those that have changed; nobody is
    notified. Yields how many rows were looked at."""
    members = pks(Kind.MEMBER)
    inquiries, answers = Ledger(old, INQUIRY), Ledger(old, ANSWER)
    config, board = next(old.rows("qa_config"), None), find_own_board("inquiry")
    if config is not None and board is not None:
        set_own_texts("inquiry", BoardTexts.objects.get(board=board), _texts(config))
    for row in list(old.rows("qa_content", order="CAST(qa_id AS INTEGER)")):
        inquiries.has_table()
        answers.has_table()
        with transaction.atomic():
            is_known = bool(known(Kind.ANSWER, [row["qa_id"]]))
            is_asked = bool(known(Kind.INQUIRY, [row["qa_id"]]))
            post = None if is_known or is_asked else _known_post(_above(row))
            author = Member.objects.filter(pk=members.get(row.get("mb_id", "").lower(), 0)).first()
            if is_known or post is not None:
                batch = answers.sort_out([row])
                if post is not None:
                    answers.remember([(row, _add(post, row, author))])
                answers.update(batch, lambda row, here: _answer(row))
            elif is_asked or not _is_answer(row):
                batch = inquiries.sort_out([row])
                if not is_asked:
                    inquiries.remember([(row, _ask(old, row, author))])
                inquiries.update(batch, lambda row, here: _question(old, here.board, row))
            else:
                old.note("문의가 없는 답변", row["qa_id"])
        yield 1


def _above(row: Found) -> str:
    """The question to which an answer or an additional question belongs; "" for a first one."""
    above = row.get("qa_parent", "") if _is_answer(row) else row.get("qa_related", "")
    return above if above not in ("0", row["qa_id"]) else ""


def _is_answer(row: Found) -> bool:
    return flag(row, "qa_type")


def _known_post(key: str) -> Post | None:
    """The post of a question, or the one whose comment it has become."""
    if found := known(Kind.INQUIRY, [key]):
        return Post.objects.select_related("board").filter(pk=found[key].new).first()
    if found := known(Kind.ANSWER, [key]):
        comments = Comment.objects.filter(pk=found[key].new)
        return Post.objects.select_related("board").filter(pk__in=comments.values("post")).first()
    return None


def _texts(config: Found) -> dict[str, str]:
    return {
        "header": cleaned(config.get("qa_content_head", "")),
        "footer": cleaned(config.get("qa_content_tail", "")),
        "template": cleaned(config.get("qa_insert_content", "")),
    }


def _board(old: OldSite) -> Board:
    config = next(old.rows("qa_config"), {})
    board = own_board(
        "inquiry",
        slug="inquiry",
        name=plain(config.get("qa_title", "")) or _("1:1 문의"),
        texts=_texts(config),
        is_inquiry=True,
        upload_count=len(PLACES),
        upload_megabytes=min(max(count(config, "qa_upload_size") >> 20, 1), 25),
    )
    for place, name in enumerate(names(config.get("qa_category", ""))):
        Category.objects.get_or_create(
            board=board, name=name[:LONGEST_CATEGORY], defaults={"position": place}
        )
    return board


def source_of_inquiry(row: Found) -> tuple[str, str]:
    """The text of a question and its format. `qa_html` 2 is HTML whose line ends are line breaks."""
    source = plain(row.get("qa_content", "")).replace("\r\n", "\n")[: richtext.MAX_SOURCE]
    if count(row, "qa_html") == 2:
        source = source.replace("\n", "<br>\n")[: richtext.MAX_SOURCE]
    return source, PostBody.Format.HTML if flag(row, "qa_html") else PostBody.Format.TEXT


def _question(old: OldSite, board: Board, row: Found) -> Post:
    """A question as it would be imported now."""
    source, format = source_of_inquiry(row)
    name = plain(row.get("qa_category", "")).strip()[:LONGEST_CATEGORY]
    try:
        html = richtext.render(source, format)
        if format == PostBody.Format.HTML:
            old.removed.look(f"1:1문의 {row['qa_id']}", source, html)
    except richtext.TooComplex:
        source, format = text_in(source), PostBody.Format.TEXT
        html = rendered(source, format)
    post = Post(
        board=board,
        subject=plain(row.get("qa_subject", "")).strip()[:LONGEST_SUBJECT] or "-",
        author_name=_name(row),
        category=board.categories.filter(name=name).first(),
    )
    post.body = PostBody(
        source=source, format=format, html=html, cleaner_version=richtext.CLEANER_VERSION
    )
    return post


def _ask(old: OldSite, row: Found, author: Member | None) -> Post:
    board = _board(old)
    asked = _question(old, board, row)
    post = write_post(
        author=author,
        board=board,
        subject=asked.subject,
        source=asked.body.source,
        format=asked.body.format,
        category=asked.category,
        created_at=moment(row.get("qa_datetime", "")) or timezone.now(),
        is_quiet=True,
    )
    post.author_name = asked.author_name
    Post.objects.filter(pk=post.pk).update(author_name=asked.author_name)
    return post


def _answer(row: Found) -> Comment:
    """An answer or additional question as it would be imported now, in plain text."""
    source, format = source_of_inquiry(row)
    text = text_in(source) if format == PostBody.Format.HTML else source
    if not _is_answer(row) and (subject := plain(row.get("qa_subject", "")).strip()):
        text = f"{subject}\n\n{text}"
    return Comment(
        author_name=_name(row),
        text=text[: richtext.MAX_SOURCE],
        html=rendered(text[: richtext.MAX_SOURCE], PostBody.Format.TEXT),
        created_at=moment(row.get("qa_datetime", "")) or timezone.now(),
    )


def _add(post: Post, row: Found, author: Member | None) -> Comment:
    comment = _answer(row)
    comment.pk = next(iter(next_ids(Comment, 1)))
    comment.post, comment.author, comment.path = post, author, path_part(comment.pk)
    Comment.objects.bulk_create([comment])
    _settle(post, row, comment)
    return comment


def _settle(post: Post, row: Found, comment: Comment) -> None:
    """The state that follows from the comments. An answer of somebody who is gone closes the inquiry."""
    settle_inquiry(post)
    if _is_answer(row) and post.inquiry.state != Inquiry.State.ANSWERED:
        close_inquiry(post=post, seen=comment.pk)


def _name(row: Found) -> str:
    return plain(row.get("qa_name", ""))[:LONGEST_NAME] or "-"


def import_files_of_inquiries(old: OldSite, files: OldFiles) -> Iterator[int]:
    """The files of questions and answers; yields how many rows were looked at."""
    board = find_own_board("inquiry")
    for row in list(old.rows("qa_content", order="CAST(qa_id AS INTEGER)")):
        post = _known_post(row["qa_id"]) if board else None
        for place in PLACES:
            if post and (name := row.get(f"qa_file{place}", "")):
                _attach(old, files, post, row, place, name)
        yield 1


def _attach(old: OldSite, files: OldFiles, post: Post, row: Found, place: int, name: str) -> None:
    key = f"{row['qa_id']}/{place}"
    if known(Kind.FILE, [key], board=post.board_id):
        return
    path = files.find("qa", name)
    if path is None:
        old.note("없는 파일", f"qa/{name}")
        return
    with transaction.atomic():
        shown = plain(row.get(f"qa_source{place}", "")) or name
        attachment = keep_old_file(path, shown, post)
        attachment.created_at = moment(row.get("qa_datetime", "")) or post.created_at
        attachment.save()
        count_files(post)
        remember(Kind.FILE, [(key, attachment.pk, row)], board=post.board_id)
        remember_paths([(f"qa/{name}", attachment)])
