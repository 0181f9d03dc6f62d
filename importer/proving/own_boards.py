"""Polls, the FAQ and 1:1 inquiries, which were tables of their own there and are boards here."""

from collections.abc import Iterator

from boards.models import Comment, Poll, PollOpinion, Post
from importer.models import Kind
from importer.proving.files import compare_bytes, find_file
from importer.proving.here import EDITED, REMOVED, Pairs
from importer.proving.posts import CATEGORY, CLEANED, NAME, SUBJECT, around
from importer.proving.proof import Proof
from importer.proving.texts import letters, letters_of_html, plain
from importer.proving.there import integer, moment
from importer.reading.staging import Found

POLLS, OPINIONS, QUESTIONS, INQUIRIES = "설문조사", "기타의견", "FAQ", "1:1 문의"
OPTION, QUESTION, OPINION = 100, 200, 200  # characters of our columns
NO_OPTIONS = "항목이 하나도 없는 설문입니다."
NO_POLL = "그 설문이 옛 사이트에 더는 없습니다."
NO_QUESTION = "그 문의가 옛 사이트에 더는 없습니다."
NO_GROUP = "그 FAQ의 분류가 옛 사이트에 더는 없습니다."
ONE_EACH = "이 사이트에서는 한 회원이 설문 하나에 의견을 하나만 냅니다. 나머지는 이름만 남깁니다."


# -- Polls -----------------------------------------------------------------------------------------
def check_polls(proof: Proof) -> Iterator[int]:
    find = proof.findings
    for batch in proof.there.rows("poll"):
        keys = Pairs(Kind.POLL).of(row["po_id"] for row in batch)
        polls = Poll.objects.select_related("post").in_bulk(keys.values())
        find.count(POLLS, there=len(batch), here=len(polls))
        for row in batch:
            poll = polls.get(keys.get(row["po_id"], 0))
            there = _options(row)
            if poll is None:
                reason = "" if there else NO_OPTIONS
                find.differ(POLLS, "설문이 없습니다", row["po_id"], row["po_subject"], "", reason)
                continue
            subject = plain(row["po_subject"]).strip() or "-"
            what = "질문이 다릅니다"
            proof.text(POLLS, what, row["po_id"], subject, poll.question, longest=QUESTION)
            here = [(option.text, option.vote_count) for option in poll.options.all()]
            find.same(POLLS, "항목이나 표가 다릅니다", row["po_id"], there, here)
            find.add("설문의 표", sum(v for _t, v in there), sum(v for _t, v in here))
        yield len(batch)
    yield from _check_opinions(proof)


def _options(row: Found) -> list[tuple[str, int]]:
    """Texts and votes; options without either do not exist."""
    found = []
    for place in range(1, 10):
        text = plain(row.get(f"po_poll{place}", "")).strip()
        votes = max(integer(row, f"po_cnt{place}"), 0)
        if text or votes:
            found.append((text[:OPTION] or "-", votes))
    return found


def _check_opinions(proof: Proof) -> Iterator[int]:
    find = proof.findings
    for batch in proof.there.rows("poll_etc"):
        keys = Pairs(Kind.OPINION).of(row["pc_id"] for row in batch)
        opinions = PollOpinion.objects.in_bulk(keys.values())
        members = proof.members_of(batch, "mb_id")
        polls = Pairs(Kind.POLL).of(row["po_id"] for row in batch)
        find.count(OPINIONS, there=len(batch), here=len(opinions))
        for row in batch:
            opinion = opinions.get(keys.get(row["pc_id"], 0))
            where = f"{row['po_id']}/{row['pc_id']}"
            if opinion is None:
                reason = "" if row["po_id"] in polls else NO_POLL
                find.differ(OPINIONS, "의견이 없습니다", where, row["pc_idea"], "", reason)
                continue
            text = plain(row["pc_idea"]).strip()
            find.read(OPINIONS, before=text, after=letters(text), here=letters(opinion.text))
            proof.text(OPINIONS, "내용이 다릅니다", where, text, opinion.text, longest=OPINION)
            find.same(
                OPINIONS, "다른 설문에 있습니다", where, polls.get(row["po_id"]), opinion.poll_id
            )
            there = members.get(row.get("mb_id", "").lower())
            if there != opinion.member_id:
                reason = ONE_EACH if opinion.member_id is None else ""
                find.differ(OPINIONS, "회원이 다릅니다", where, there, opinion.member_id, reason)
        yield len(batch)


# -- FAQ -------------------------------------------------------------------------------------------
def check_faq(proof: Proof) -> Iterator[int]:
    find = proof.findings
    groups = {row["fm_id"]: row for batch in proof.there.rows("faq_master") for row in batch}
    for batch in proof.there.rows("faq"):
        keys = Pairs(Kind.QUESTION).of(row["fa_id"] for row in batch)
        posts = Post.objects.select_related("body", "category").in_bulk(keys.values())
        find.count(QUESTIONS, there=len(batch), here=len(posts))
        for row in batch:
            post, group = posts.get(keys.get(row["fa_id"], 0)), groups.get(row["fm_id"])
            if post is None:
                reason = "" if group else NO_GROUP
                find.differ(
                    QUESTIONS, "질문이 없습니다", row["fa_id"], row["fa_subject"], "", reason
                )
                continue
            why = _why(post)
            subject = letters_of_html(plain(row["fa_subject"])) or "-"
            shown = letters(post.subject)
            if not (len(post.subject) >= SUBJECT - 1 and subject.startswith(shown)):
                find.same(QUESTIONS, "질문이 다릅니다", row["fa_id"], subject, shown, why)
            _compare_html(proof, QUESTIONS, row["fa_id"], row["fa_content"], post, why)
            category = plain(group["fm_subject"]).strip() or "FAQ" if group else ""
            here = post.category.name if post.category else ""
            proof.text(
                QUESTIONS,
                "말머리가 다릅니다",
                row["fa_id"],
                category,
                here,
                longest=CATEGORY,
                reason=why,
            )
        yield len(batch)


def _compare_html(
    proof: Proof, kind: str, where: str, source: str, post: Post, why: str, *, is_html: bool = True
) -> None:
    seen = letters_of_html(plain(source)) if is_html else letters(plain(source))
    shown = letters_of_html(post.body.html)
    proof.findings.read(kind, before=source, after=seen, here=shown)
    if seen != shown:
        is_made = not is_html or letters_of_html(post.body.source) == seen
        reason = why or (CLEANED if is_made and shown and shown in seen else "")
        proof.findings.differ(kind, "본문이 다릅니다", where, *around(seen, shown), reason)


def _why(post: Post) -> str:
    if not post.is_published:
        return REMOVED
    return EDITED if post.edited_at else ""


# -- Inquiries -------------------------------------------------------------------------------------
def check_inquiries(proof: Proof) -> Iterator[int]:
    find = proof.findings
    for batch in proof.there.rows("qa_content"):
        keys = [row["qa_id"] for row in batch]
        questions, answers = Pairs(Kind.INQUIRY).of(keys), Pairs(Kind.ANSWER).of(keys)
        posts = Post.objects.select_related("body", "board", "category").in_bulk(questions.values())
        comments = Comment.objects.select_related("post__board").in_bulk(answers.values())
        members = proof.members_of(batch, "mb_id")
        find.count(INQUIRIES, there=len(batch), here=len(posts) + len(comments))
        for row in batch:
            post = posts.get(questions.get(row["qa_id"], 0))
            comment = comments.get(answers.get(row["qa_id"], 0))
            if post is not None:
                _compare_question(proof, row, post, members)
            elif comment is not None:
                _compare_answer(proof, row, comment, members)
            else:
                reason = (
                    NO_QUESTION if integer(row, "qa_type") and not _question(proof, row) else ""
                )
                what = "문의나 답변이 없습니다"
                find.differ(INQUIRIES, what, row["qa_id"], row["qa_subject"], "", reason)
        yield len(batch)


def _question(proof: Proof, row: Found) -> bool:
    """Whether the question of an answer is still there."""
    return bool(
        proof.there.select(
            "qa_content", "qa_id = ? AND CAST(qa_type AS INTEGER) = 0", [row["qa_parent"]]
        )
    )


def _compare_question(proof: Proof, row: Found, post: Post, members: dict[str, int]) -> None:
    find, where, why = proof.findings, row["qa_id"], _why(post)
    subject = plain(row["qa_subject"]).strip() or "-"
    proof.text(
        INQUIRIES, "제목이 다릅니다", where, subject, post.subject, longest=SUBJECT, reason=why
    )
    is_html = integer(row, "qa_html") != 0
    _compare_html(proof, INQUIRIES, where, row["qa_content"], post, why, is_html=is_html)
    _compare_writer(proof, row, members, post.author_id, post.author_name, post.created_at)
    find.same(
        INQUIRIES,
        "다른 사람도 볼 수 있습니다",
        where,
        True,
        post.board.is_inquiry and post.is_secret,
    )
    if proof.files is not None:
        for place in (1, 2):
            _compare_file(proof, row, place, post)


def _compare_answer(proof: Proof, row: Found, comment: Comment, members: dict[str, int]) -> None:
    find, where = proof.findings, row["qa_id"]
    is_html = integer(row, "qa_html") != 0
    source = plain(row["qa_content"])
    seen = letters_of_html(source) if is_html else letters(source)
    shown = letters_of_html(comment.html)
    find.read(INQUIRIES, before=source, after=seen, here=shown[-len(seen) :] if seen else "")
    why = EDITED if comment.edited_at else ""
    if not shown.endswith(seen):
        find.differ(INQUIRIES, "답변이 다릅니다", where, *around(seen, shown), why)
    _compare_writer(proof, row, members, comment.author_id, comment.author_name, comment.created_at)
    find.same(INQUIRIES, "다른 사람도 볼 수 있습니다", where, True, comment.post.board.is_inquiry)
    if integer(row, "qa_type"):
        asked = Pairs(Kind.INQUIRY).of([row["qa_parent"]])
        wanted = set(asked.values())
        for pk in Pairs(Kind.ANSWER).of([row["qa_parent"]]).values():
            wanted |= set(Comment.objects.filter(pk=pk).values_list("post_id", flat=True))
        if comment.post_id not in wanted:
            find.differ(
                INQUIRIES, "다른 문의에 달려 있습니다", where, sorted(wanted), comment.post_id
            )


def _compare_writer(
    proof: Proof, row: Found, members: dict[str, int], author: int | None, name: str, at: object
) -> None:
    find, where = proof.findings, row["qa_id"]
    there = members.get(row.get("mb_id", "").lower()) if row.get("mb_id") else None
    find.same(INQUIRIES, "쓴 사람이 다릅니다", where, there, author)
    proof.text(
        INQUIRIES,
        "이름이 다릅니다",
        where,
        plain(row.get("qa_name", "")) or "-",
        name,
        longest=NAME,
    )
    written = moment(row.get("qa_datetime", ""))
    if written is not None:
        find.same(INQUIRIES, "쓴 시각이 다릅니다", where, written, at)


def _compare_file(proof: Proof, row: Found, place: int, post: Post) -> None:
    name = row.get(f"qa_file{place}", "")
    path = find_file(proof, "qa", name) if name else None
    if path is None:
        return
    key = f"{row['qa_id']}/{place}"
    pk = Pairs(Kind.FILE, post.board_id).of([key]).get(key)
    file = post.attachments.filter(pk=pk or 0).first()
    proof.findings.count("문의의 파일", there=1, here=file is not None)
    if file is None:
        proof.findings.differ(INQUIRIES, "파일이 없습니다", key, name, "")
    else:
        compare_bytes(proof, INQUIRIES, key, path, file)
