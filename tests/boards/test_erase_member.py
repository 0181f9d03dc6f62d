"""After the grace period no personal data of a member who left remains; counters and the search
stay correct.
"""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import erasing, suspend_member
from accounts.actions.leaving import leave_site, return_to_site
from accounts.actions.messages import report_message, send_message
from accounts.actions.points import give_points
from accounts.models import (
    Block,
    Consent,
    Device,
    Member,
    MemberEvent,
    MemberNote,
    MemberSettings,
    Message,
    NicknameChange,
    Notification,
    RetiredName,
)
from accounts.queries.retired_names import is_retired
from boards import search
from boards.actions import leaving
from boards.actions.comments import write_comment
from boards.actions.drafts import save_draft
from boards.actions.files import store_file
from boards.actions.leaving import erase_member
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.reports import report_post
from boards.actions.scraps import scrap_post
from boards.actions.withholding_comments import delete_comment
from boards.models import Attachment, Comment, Draft, Post, Report, Scrap, State
from boards.queries.drafts import DraftWords
from boards.repair import recount
from boardsite.models import OneRow
from tests.boards.browsing import document
from tests.boards.test_recount import Town
from tests.conftest import PASSWORD, make_member

pytestmark = pytest.mark.django_db
NOBODY = "탈퇴한 회원"


def gone_for(member: Member, days: int, **fields) -> Member:
    """Mark `member` as having left `days` days ago."""
    leave_site(member=member)
    left_at = timezone.now() - timedelta(days=days)
    Member.objects.filter(pk=member.pk).update(left_at=left_at, **fields)
    return Member.objects.get(pk=member.pk)


def erase(member: Member, **fields) -> Member:
    erase_member(member=gone_for(member, 31, **fields))
    return Member.objects.get(pk=member.pk)


# -- Grace period ----------------------------------------------------------------------------------
def test_tidy_erases_members_after_the_grace_period(minji, junho, capsys):
    gone_for(minji, 31)
    gone_for(junho, 29)
    call_command("tidy")
    minji.refresh_from_db()
    junho.refresh_from_db()
    assert minji.erased_at is not None
    assert (junho.erased_at, junho.nickname) == (None, "준호")
    assert "탈퇴한 회원 1명의 개인정보를 지웠습니다." in capsys.readouterr().out


def test_the_owner_sets_the_grace_period(minji):
    MemberSettings.objects.update_or_create(pk=1, defaults={"leave_days": 3})
    OneRow.forget()
    gone_for(minji, 4)
    call_command("tidy")
    minji.refresh_from_db()
    assert minji.erased_at is not None


def test_active_members_are_not_touched(minji, junho, post):
    call_command("tidy")
    minji.refresh_from_db()
    assert (minji.nickname, minji.erased_at) == ("민지", None)


def test_an_erased_member_cannot_come_back(as_guest, minji):
    late = gone_for(minji, 31)
    assert not return_to_site(member=late)
    as_guest.post("/accounts/login/", {"login": "minji", "password": PASSWORD})
    as_guest.post("/accounts/return/")
    minji.refresh_from_db()
    assert minji.left_at is not None


# -- What is erased --------------------------------------------------------------------------------
def test_no_personal_data_remains_in_any_table(minji, junho, owner, post, board):
    """The test searches every text column of every table for the member's data."""
    marks = ["minji", "민지", "바닷가", "010-1234"]
    minji.refresh_from_db()  # the counts in it
    minji.introduction, minji.signature = "바닷가에 삽니다", "바닷가 010-1234"
    minji.picture.save("바닷가.webp", ContentFile(b"x"))
    comment = write_comment(author=junho, post=post, text="@민지 님 어디 사세요")
    assert "/members/minji/" in comment.html
    comment.text = (
        "@님 어디 사세요"  # junho's comment with a mention, whose link contained the name
    )
    comment.save()
    write_comment(author=minji, post=post, text="안녕하세요")
    send_message(sender=minji, receivers=[junho], text="잘 지내요?")
    send_message(sender=junho, receivers=[minji], text="그럼요")
    suspend_member(member=minji, until=timezone.now(), reason="바닷가 사진", by=owner)
    MemberNote.objects.create(member=minji, by=owner, text="바닷가 사는 민지")
    Consent.objects.create(member=minji, kind="terms")
    Device.objects.create(member=minji, key_hash="x", name="민지의 전화")
    EmailAddress.objects.create(user=minji, email=minji.email)
    SocialAccount.objects.create(
        user=minji, provider="kakao", uid="minji", extra_data={"n": "민지"}
    )
    Authenticator.objects.create(user=minji, type="totp", data={"secret": "minji"})
    LogEntry.objects.create(
        user=owner,
        content_type_id=_content_type(Member),
        object_id=str(minji.pk),
        object_repr="민지",
        action_flag=2,
    )
    words = DraftWords(subject="바닷가", format="html", source="바닷가", fields={})
    import uuid

    save_draft(member=minji, board=board, token=uuid.uuid4(), words=words)
    storage, name = minji.picture.storage, minji.picture.name

    from django.test import TestCase

    with TestCase.captureOnCommitCallbacks(execute=True):
        erased = erase(minji)

    found = [
        f"{model._meta.label}.{field.name}: {value}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.get_internal_type()
        in ("CharField", "TextField", "EmailField", "JSONField", "FileField")
        for value in map(str, model._base_manager.values_list(field.name, flat=True))
        if any(mark in value for mark in marks)
    ]
    key = NicknameChange.objects.get(member=erased)
    assert found == [
        "boards.Comment.html: <p>@민지 님 어디 사세요</p>",  # junho's text, without the link
        f"accounts.NicknameChange.nickname_key: {key.nickname_key}",
    ]
    assert not storage.exists(name)
    assert Consent.objects.filter(member=erased).count() == 1
    assert recount(repairs=False) == []


def _content_type(model) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(model).pk


def test_the_erased_row_is_anonymous(minji, log_in):
    Member.objects.filter(pk=minji.pk).update(is_staff=True, level=7)
    erased = erase(minji)
    assert (erased.username, erased.nickname) == (f"left_{minji.pk}", NOBODY)
    assert erased.email == f"left-{minji.pk}@erased.invalid"
    assert not erased.has_usable_password()
    assert [erased.is_active, erased.is_staff, erased.is_superuser] == [False, False, False]
    assert (erased.level, erased.points, erased.last_login) == (2, 0, None)
    assert [event.kind for event in erased.events.order_by("pk")] == ["left", "erased"]
    assert not any(event.words for event in MemberEvent.objects.filter(member=erased))
    assert log_in(erased).get("/accounts/profile/").status_code == 302


def test_every_foreign_key_to_a_member_is_listed():
    """A new foreign key to Member is recorded here with what erasing does to it."""
    named = {
        f"{field.model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if getattr(field, "many_to_one", False) or getattr(field, "one_to_one", False)
        if field.concrete and field.related_model is Member
    }
    said = {f"{model._meta.label}.{field}" for model, field in [*erasing.DELETED, *leaving.DELETED]}
    assert named == said | erasing.KEPT | erasing.SPECIAL | leaving.KEPT


# -- What stays ------------------------------------------------------------------------------------
def test_posts_and_comments_stay_without_a_name(as_junho, minji, junho, post):
    mine = write_comment(author=minji, post=post, text="제 글이에요")
    his = write_comment(author=junho, post=post, text="잘 봤어요")
    erase(minji)
    for address in ("/free/1/", "/free/", "/search/?q=벚꽃"):
        page = as_junho.get(address).text
        assert "봄나들이" in page
        assert "민지" not in page
        assert NOBODY in page
        assert "/members/left_" not in page
    mine.refresh_from_db()
    his.refresh_from_db()
    assert (mine.author_name, mine.text) == (NOBODY, "제 글이에요")
    assert (his.author_name, his.text) == ("준호", "잘 봤어요")
    assert recount(repairs=False) == []


def test_the_search_no_longer_finds_the_old_name(minji, junho, post):
    mine = write_comment(author=minji, post=post, text="제 글이에요")
    his = write_comment(author=junho, post=post, text="잘 봤어요")
    erase(minji)

    def found(index, name):
        return index.find(search.ask(name, field="author"), limit=9)

    assert found(search.posts, "민지") == found(search.comments, "민지") == []
    assert found(search.posts, "탈퇴") == [post.pk]
    assert found(search.comments, "탈퇴") == [mine.pk]
    assert found(search.comments, "준호") == [his.pk]
    assert search.posts.find(search.ask("벚꽃"), limit=9) == [post.pk]


def test_votes_stay_with_the_points_that_others_earned_by_them(minji, junho, board, points_on):
    board.liked_points = 5
    board.save()
    post = write_post(author=junho, board=board, subject="좋아요", source="")
    vote_post(post=post, member=minji, value=1)
    erase(minji)
    post.refresh_from_db()
    junho.refresh_from_db()
    assert (post.like_count, junho.points) == (1, 5)
    assert recount(repairs=False) == []


def test_the_point_ledger_and_the_balance_are_deleted(minji, points_on):
    give_points(member=minji, kind="signup", about="signup", text="가입", amount=1000)
    erased = erase(minji)
    assert erased.points == 0
    assert not erased.point_entries.exists()
    assert recount(repairs=False) == []


def test_messages_stay_with_the_other_member_and_without_a_name(minji, junho):
    (sent,) = send_message(sender=minji, receivers=[junho], text="안녕")
    (got,) = send_message(sender=junho, receivers=[minji], text="응")
    (gone,) = send_message(sender=minji, receivers=[junho], text="지워")
    Message.objects.filter(pk=gone.pk).update(deleted_by_receiver=True)
    Member.objects.filter(pk=junho.pk).update(unread_message_count=1)
    erase(minji)
    sent.refresh_from_db()
    got.refresh_from_db()
    assert (sent.sender_name, sent.receiver_name, sent.text) == (NOBODY, "준호", "안녕")
    assert (got.sender_name, got.receiver_name) == ("준호", NOBODY)
    assert not Message.objects.filter(pk=gone.pk).exists()
    assert Notification.objects.get(member=junho, about=f"message:{sent.pk}").actor_name == NOBODY
    assert recount(repairs=False) == []


def test_a_former_name_that_another_member_has_now_stays_in_notifications(minji, junho):
    sora = make_member("sora", "소라")
    send_message(sender=sora, receivers=[junho], text="소라입니다")
    minji.nickname_changes.create(nickname="소라", nickname_key="소라")
    minji.nickname_changes.create(nickname="민들레", nickname_key="민들레")
    Notification.objects.create(member=junho, kind="like", actor_name="민들레")
    erase(minji)
    names = Notification.objects.filter(member=junho).values_list("actor_name", flat=True)
    assert sorted(names) == sorted(["소라", NOBODY])


def test_a_reported_message_waits_for_the_owner(minji, junho):
    (message,) = send_message(sender=junho, receivers=[minji], text="욕설")
    report_message(message=message, member=minji, reason="욕설")
    Message.objects.filter(pk=message.pk).update(deleted_by_sender=True)
    erase(minji)
    assert Message.objects.filter(pk=message.pk).exists()


def test_belongings_are_deleted_and_those_of_others_stay(minji, junho, board, post):
    scrap_post(post=post, member=minji)
    scrap_post(post=post, member=junho)
    Block.objects.create(member=minji, blocked=junho)
    Block.objects.create(member=junho, blocked=minji)
    store_file(uploader=minji, upload=document(), limit=1000)
    store_file(uploader=junho, upload=document(), limit=1000)
    board.moderators.add(minji, junho)
    erase(minji)
    assert [scrap.member for scrap in Scrap.objects.all()] == [junho]
    assert not Block.objects.exists()
    assert not Draft.objects.exists()
    assert [each.uploader for each in Attachment.objects.all()] == [junho]
    assert list(board.moderators.all()) == [junho]


def test_an_open_report_stays_without_its_text(minji, junho, board):
    posts = [write_post(author=junho, board=board, subject="광고", source="") for _ in range(2)]
    for post in posts:
        report_post(post=post, member=minji, reason="spam", text="제 전화로도 왔어요")
    Report.objects.filter(post=posts[1]).update(state="upheld")
    erase(minji)
    (report,) = Report.objects.all()
    assert (report.post, report.text, report.state) == (posts[0], "", "open")


# -- Names -----------------------------------------------------------------------------------------
JOIN = {
    "agree_terms": "on",
    "agree_privacy": "on",
    "email": "new@example.com",
    "password1": "gilgeori-42",
    "password2": "gilgeori-42",
}


def test_nobody_registers_the_old_username_or_a_neutral_one(as_guest, minji):
    assert not is_retired("minji")
    erase(minji)
    assert is_retired("minji")
    assert is_retired("MINJI")
    assert not is_retired("minjee")
    for taken in ("minji", "left_999"):
        page = as_guest.post("/accounts/signup/", {**JOIN, "username": taken, "nickname": "새이름"})
        assert "이미 사용 중인 아이디입니다." in page.text
    assert "minji" not in RetiredName.objects.get().name_hash


def test_even_the_owner_cannot_give_the_old_username_to_a_member(as_owner, minji, junho):
    erase(minji)
    new = {"username": "minji", "nickname": "새이름", "email": "new@example.com"}
    passwords = {"password1": "gilgeori-42", "password2": "gilgeori-42"}
    page = as_owner.post("/admin/accounts/member/add/", {**new, **passwords})
    assert "탈퇴한 회원이 쓰던 아이디입니다." in page.text
    assert not Member.objects.filter(username="minji").exists()


def test_the_nickname_is_free_after_the_interval(minji):
    from accounts.queries.nicknames import was_given_up

    erase(minji)
    assert was_given_up("민지")
    NicknameChange.objects.update(at=timezone.now() - timedelta(days=61))
    Member.objects.update(erased_at=timezone.now() - timedelta(days=61))
    assert not was_given_up("민지")
    call_command("tidy")
    assert not NicknameChange.objects.exists(), "then no trace of it is needed"


def test_names_of_two_erased_members_do_not_collide(minji, junho):
    assert erase(minji).nickname == erase(junho).nickname == NOBODY


# -- Posts that are deleted too --------------------------------------------------------------------
def test_a_member_may_choose_to_have_their_posts_deleted(minji, junho, board, post):
    write_comment(author=junho, post=post, text="잘 봤어요")
    hidden = write_post(author=minji, board=board, subject="숨은 글", source="")
    hide_post(post=hidden, by=None)
    his = write_post(author=junho, board=board, subject="준호의 글", source="")
    parent = write_comment(author=minji, post=his, text="민지의 비밀")
    write_comment(author=junho, post=his, text="답글", parent=parent)
    erase(minji, removes_posts=True)
    assert list(Post.objects.all()) == [his]
    parent.refresh_from_db()
    assert (parent.state, parent.text, parent.html) == (State.DELETED, "", "")
    assert Comment.objects.published().count() == 1
    assert search.posts.find(search.ask("벚꽃"), limit=9) == []
    assert search.comments.find(search.ask("비밀"), limit=9) == []
    assert recount(repairs=False) == []


def test_a_post_that_others_replied_to_stays_without_a_name(minji, junho, post):
    write_post(author=junho, board=post.board, subject="답변", source="", reply_to=post)
    erase(minji, removes_posts=True)
    post.refresh_from_db()
    assert (post.author_name, post.state) == (NOBODY, State.PUBLISHED)
    assert recount(repairs=False) == []


def test_deleted_posts_of_the_member_are_purged_in_any_case(minji, board, post):
    comment = write_comment(author=minji, post=post, text="지운 말")
    delete_comment(comment=comment, by=minji)
    binned = write_post(author=minji, board=board, subject="버린 글", source="")
    delete_post(post=binned, by=minji)
    erase(minji)
    assert list(Post.objects.all()) == [post]
    comment.refresh_from_db()
    assert comment.text == ""
    assert recount(repairs=False) == []


# -- Killed in the middle --------------------------------------------------------------------------
@pytest.mark.parametrize("removes_posts", [False, True])
def test_a_killed_run_continues_the_next_day(monkeypatch, minji, junho, board, post, removes_posts):
    for number in range(5):
        post = write_post(author=minji, board=board, subject=f"글 {number}", source="")
        write_comment(author=minji, post=post, text="댓글")
    steps = [
        "_remove_what_he_wrote",
        "_purge_bin",
        "_take_name_off_posts",
        "_take_name_off_comments",
        "lead_mentions",
        "_delete_belongings",
        "erase_belongings",
        "retire_member",
    ]
    gone = gone_for(minji, 31, removes_posts=removes_posts)
    for step in steps if removes_posts else steps[1:]:
        with monkeypatch.context() as patch:
            patch.setattr(leaving, step, _killed)
            try:
                erase_member(member=gone)
            except KeyboardInterrupt:
                assert recount(repairs=False) == []
                minji.refresh_from_db()
                assert minji.erased_at is None
    assert erase_member(member=Member.objects.get(pk=minji.pk))
    assert not erase_member(member=Member.objects.get(pk=minji.pk)), "a second time"
    assert Post.objects.filter(author=minji).count() == (0 if removes_posts else 6)
    assert recount(repairs=False) == []


def _killed(*args, **kwargs):
    raise KeyboardInterrupt


def test_a_run_killed_between_two_posts_continues(monkeypatch, minji, board):
    for number in range(4):
        write_post(author=minji, board=board, subject=f"글 {number}", source="")
    real, calls = leaving.lock_post, []

    def lock(pk):
        calls.append(pk)
        if len(calls) == 3:
            raise KeyboardInterrupt
        real(pk)

    gone = gone_for(minji, 31)
    with monkeypatch.context() as patch:
        patch.setattr(leaving, "lock_post", lock)
        with pytest.raises(KeyboardInterrupt):
            erase_member(member=gone)
    assert Post.objects.filter(author_name=NOBODY).count() == 2
    assert recount(repairs=False) == []
    assert erase_member(member=gone)
    assert Post.objects.filter(author_name=NOBODY).count() == 4


def test_many_rows_are_erased_in_chunks(monkeypatch, minji, board, post):
    monkeypatch.setattr(leaving, "CHUNK", 2)
    for number in range(5):
        write_post(author=minji, board=board, subject=f"글 {number}", source="")
        write_comment(author=minji, post=post, text=f"댓글 {number}")
    erase(minji)
    assert not Post.objects.exclude(author_name=NOBODY).exists()
    assert not Comment.objects.exclude(author_name=NOBODY).exists()


@pytest.mark.parametrize("removes_posts", [False, True])
def test_erasing_in_a_busy_town_leaves_no_drift(group, owner, points_on, removes_posts):
    town = Town(11, group, owner)
    town.give_points()
    town.live(120)
    for member in town.members[:2]:
        erase(member, removes_posts=removes_posts)
    assert recount(repairs=False) == []
    names = {member.nickname for member in town.members[:2]}
    assert not Post.objects.filter(author_name__in=names).exists()
    assert not Comment.objects.filter(author_name__in=names).exists()
    for member in town.members[:2]:
        for index in (search.posts, search.comments):
            question = search.ask(member.nickname, field="author")
            assert index.find(question, limit=99) == []
