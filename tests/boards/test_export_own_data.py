"""A member exports everything that the site stores about them, and nothing about others."""

import io
import json
import uuid
import zipfile

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.actions.messages import delete_message, send_message
from accounts.models import (
    AuthorAddress,
    Block,
    Bounce,
    Consent,
    Delivery,
    Device,
    Invitation,
    Mailing,
    MailRefusal,
    Member,
    MemberEvent,
    Message,
    NicknameChange,
    Notification,
    NotificationChoice,
    PointEntry,
)
from boards import exporting
from boards.actions.comments import write_comment
from boards.actions.files import store_file
from boards.actions.posts import delete_post, hide_post, write_post
from boards.actions.reactions import vote_post
from boards.actions.scraps import scrap_post
from boards.models import (
    Attachment,
    BoardWatch,
    Comment,
    CommentVote,
    Draft,
    ExtraField,
    ExtraValue,
    FileDownload,
    Poll,
    PollOpinion,
    PollVote,
    Post,
    PostBody,
    PostLink,
    PostRevision,
    PostTag,
    PostVote,
    ReadMark,
    Report,
    Scrap,
    WordWatch,
)
from boards.queries import exporting as queries
from tests.boards.browsing import document
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
EXPORT = "/accounts/export/"


def take(client, **more) -> dict[str, str]:
    """Return the files of the ZIP archive as texts, by name."""
    answer = client.post(EXPORT, {"password": PASSWORD, **more})
    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(files: dict[str, str], name: str) -> list[dict]:
    return json.loads(files[f"{name}.json"])


# -- Access ----------------------------------------------------------------------------------------
def test_the_page_asks_for_the_password(as_minji):
    page = as_minji.get(EXPORT)
    assert "내 자료 내려받기" in page.text
    assert 'type="password"' in page.text
    wrong = as_minji.post(EXPORT, {"password": "guess"})
    assert wrong.status_code == 422
    assert "비밀번호가 틀립니다." in wrong.text


def test_a_guest_gets_nothing(as_guest):
    assert as_guest.get(EXPORT).status_code == 302
    assert as_guest.post(EXPORT, {"password": PASSWORD}).status_code == 302


def test_a_member_without_a_password_logs_in_again(minji, log_in):
    minji.set_unusable_password()
    minji.save()
    assert log_in(minji).post(EXPORT, {}).status_code == 403


def test_the_export_is_a_download_that_no_cache_stores(as_minji):
    answer = as_minji.post(EXPORT, {"password": PASSWORD})
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="minji-')
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))


def test_three_exports_a_day(as_minji, as_junho):  # case 86
    for _ in range(3):
        take(as_minji)
    assert as_minji.post(EXPORT, {"password": PASSWORD}).status_code == 429
    take(as_junho)


# -- Contents --------------------------------------------------------------------------------------
def test_the_export_contains_everything_of_the_member(as_minji, minji, junho, post, board):
    write_comment(author=minji, post=post, text="제 댓글 =1+1")
    send_message(sender=minji, receivers=[junho], text="안녕")
    send_message(sender=junho, receivers=[minji], text="반가워")
    scrap_post(post=post, member=minji, note="다시 볼 것")
    vote_post(post=post, member=minji, value=1)
    Consent.objects.create(member=minji, kind="terms")
    Device.objects.create(member=minji, key_hash="x", name="Windows의 Chrome")
    files = take(as_minji)
    (profile,) = rows(files, "profile")
    assert (profile["username"], profile["email"]) == ("minji", "minji@example.com")
    assert "password" not in files["profile.json"]
    (written,) = rows(files, "posts")
    assert (written["subject"], written["board"]) == ("봄나들이 다녀왔어요", "자유게시판")
    assert "벚꽃이 활짝" in written["html"]
    assert written["address"].endswith("/free/1/")
    (comment,) = rows(files, "comments")
    assert (comment["text"], comment["subject"]) == ("제 댓글 =1+1", "봄나들이 다녀왔어요")
    talks = [(each["from"], each["to"], each["text"]) for each in rows(files, "messages")]
    assert talks == [("민지", "준호", "안녕"), ("준호", "민지", "반가워")]
    assert rows(files, "scraps")[0]["note"] == "다시 볼 것"
    assert rows(files, "votes")[0]["value"] == 1
    assert rows(files, "consents")[0]["kind"] == "terms"
    assert rows(files, "devices")[0]["name"] == "Windows의 Chrome"
    assert "key_hash" not in files["devices.json"]


def test_the_export_contains_hidden_and_deleted_posts(as_minji, minji, post, board):
    other = write_post(author=minji, board=board, subject="버린 글", source="")
    delete_post(post=other, by=minji)
    hide_post(post=post, by=None)
    states = {each["subject"]: each["state"] for each in rows(take(as_minji), "posts")}
    assert states == {"봄나들이 다녀왔어요": "hidden", "버린 글": "deleted"}


def test_the_export_contains_nothing_of_others(as_junho, minji, junho, owner, post, board):
    """Case 25: posts, messages and notes of other people, and posts that the member may no longer
    read.
    """
    write_comment(author=minji, post=post, text="민지의 댓글")
    write_comment(author=junho, post=post, text="준호의 댓글")
    secret = write_post(author=minji, board=board, subject="민지의 비밀", source="", is_secret=True)
    scrap_post(post=secret, member=junho)
    scrap_post(post=post, member=minji, note="민지의 메모")
    send_message(sender=minji, receivers=[owner], text="민지가 주인에게")
    (got,) = send_message(sender=minji, receivers=[junho], text="지운 쪽지")
    delete_message(message=got, member=junho)
    hide_post(post=post, by=None)
    files = take(as_junho)
    everything = "\n".join(files.values())
    for words in (
        "민지의 댓글",
        "민지의 비밀",
        "민지의 메모",
        "민지가 주인에게",
        "지운 쪽지",
        "봄나들이",
        "벚꽃이",
        "minji@example.com",
    ):
        assert words not in everything
    assert rows(files, "comments")[0]["text"] == "준호의 댓글"
    assert rows(files, "posts") == []


def test_the_html_page_contains_no_markup_of_the_post(as_minji, minji, board):
    write_post(
        author=minji,
        board=board,
        subject="<script>alert(1)</script>",
        source="<p>첫 줄 &lt;img src=x onerror=alert(1)&gt;</p><p>둘째 줄</p>",
    )
    page = take(as_minji)["index.html"]
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "첫 줄" in page
    assert "둘째 줄" in page
    assert page.count("<article>") == 1


# -- Files -----------------------------------------------------------------------------------------
@pytest.fixture
def with_file(minji, board):
    file = store_file(uploader=minji, upload=document(), limit=1000)
    return write_post(author=minji, board=board, subject="표", source="", files=[file])


def test_own_files_are_included_on_request(as_minji, with_file):
    (file,) = with_file.attachments.all()
    assert f"files/{file.pk}-일정표.txt" not in take(as_minji)
    files = take(as_minji, with_files="on")
    assert files[f"files/{file.pk}-일정표.txt"] == "April 5"
    assert [each["name"] for each in rows(files, "posts")[0]["files"]] == ["일정표.txt"]


def test_files_of_others_are_not_included(as_junho, with_file):
    assert not [name for name in take(as_junho, with_files="on") if name.startswith("files/")]


def test_files_that_are_too_large_or_missing_are_named(as_minji, with_file, monkeypatch):
    monkeypatch.setattr(exporting, "FILES_BYTES", 3)
    files = take(as_minji, with_files="on")
    assert rows(files, "files_not_packed")[0]["name"] == "일정표.txt"
    monkeypatch.setattr(exporting, "FILES_BYTES", 3_000)
    (file,) = with_file.attachments.all()
    file.file.storage.delete(file.file.name)
    assert rows(take(as_minji, with_files="on"), "files_not_packed")[0]["why"] == "파일이 없음"


def test_many_rows_are_read_in_chunks(as_minji, minji, post, board, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", 2)
    for number in range(5):
        write_comment(author=minji, post=post, text=f"댓글 {number}")
    texts = [each["text"] for each in rows(take(as_minji), "comments")]
    assert texts == [f"댓글 {number}" for number in range(5)]


# -- Completeness ----------------------------------------------------------------------------------
def test_a_post_is_exported_with_its_tags_and_extra_fields(as_minji, minji, board):
    field = ExtraField.objects.create(board=board, name="가격", kind="line")
    post = write_post(
        author=minji, board=board, subject="봄", source="<p>글</p>", tags=["꽃", "나들이"]
    )
    ExtraValue.objects.create(post=post, field=field, value="3,000원")
    PostLink.objects.create(post=post, url="https://example.com/", name="지도")
    (written,) = rows(take(as_minji), "posts")
    assert written["tags"] == ["꽃", "나들이"]
    assert written["extras"] == [{"name": "가격", "value": "3,000원"}]
    assert written["links"] == [{"url": "https://example.com/", "name": "지도", "clicks": 0}]
    assert written["source"] == "<p>글</p>"


def test_a_draft_is_exported_completely(as_minji, minji, board):
    Draft.objects.create(
        member=minji, board=board, token=uuid.uuid4(), subject="초", fields={"tags": "꽃"}
    )
    (draft,) = rows(take(as_minji), "drafts")
    assert draft["fields"] == {"tags": "꽃"}


def test_the_profile_picture_is_exported_with_the_files(as_minji, minji):
    minji.picture.save("x.webp", ContentFile(b"picture"))
    files = take(as_minji, with_files="on")
    assert files["files/profile-picture.webp"] == "picture"


# The tables with rows about a member: the file that exports each, and the columns left out.
# A new column is recorded here.
KEYS = {"id", "member", "user", "author", "post", "comment", "board", "field", "tag"}
OWN = {  # table → file, omitted columns with the reason
    Member: ("profile", {
        "password": "a secret", "nickname_key": "made of 별명", "nickname_shape": "made of 별명",
        "nickname_claim": "made of 별명",
        "nickname_changed_at": "the last line of nicknames", "picture": "a file",
        "is_superuser": "a right", "is_staff": "a right", "is_active": "a right",
        "is_robot": "a right", "roles": "a right", "pending_since": "a right", "must_confirm_email": "a right",
        "recommender": "of others", "invitation": "of the member who invited them", "left_at": "they log in no more",
        "removes_posts": "they log in no more", "is_deleted": "they log in no more", "erased_at": "they log in no more",
        "unread_message_count": "counts messages", "unread_notification_count": "counts notified",
    }),
    Post: ("posts", {
        "number": "address", "thread": "address", "path": "address", "thread_author": "of others",
        "author_name": "profile", "cover": "one of files", "is_notice": "a moderator's",
        "is_site_notice": "a moderator's", "is_closed": "a moderator's",
        "deleted_at": "state", "list_state": "state", "view_rank": "made of views", "dislike_count": "likes",
        "picture_count": "files", "file_count": "files", "link_count": "links",
    }),
    PostBody: ("posts", {"format": "html", "origin": "a robot's", "cleaner_version": "html"}),
    PostLink: ("posts", {}),
    Attachment: ("posts", {
        "uploader": "themselves", "kind": "name", "is_inline": "html", "file": "a file of its own",
        "thumb": "made of the file", "original": "a file of its own", "width": "the file",
        "height": "the file", "original_size": "the file",
    }),
    PostTag: ("posts", {}),
    ExtraValue: ("posts", {}),
    Comment: ("comments", {
        "parent": "of others", "path": "address", "depth": "address", "author_name": "profile",
        "html": "made of text", "dislike_count": "likes",
    }),
    Draft: ("drafts", {"token": "a form's", "format": "source"}),
    PostRevision: ("revisions", {"editor": "themselves", "format": "source"}),
    PostVote: ("votes", {}),
    PollVote: ("poll_votes", {}),
    PollOpinion: ("poll_opinions", {}),
    CommentVote: ("votes", {}),
    Scrap: ("scraps", {}),
    Report: ("reports", {"handled_by": "of others", "is_weighed": "the staff's"}),
    ReadMark: ("read_posts", {}),
    FileDownload: ("downloads", {"file": "its id"}),
    BoardWatch: ("watched_boards", {}),
    WordWatch: ("watched_words", {"key": "made of the word"}),
    Message: ("messages", {
        "sender": "from", "receiver": "to", "sender_name": "from", "receiver_name": "to",
        "deleted_by_sender": "their box alone",
        "deleted_by_receiver": "their box alone", "reported_at": "the staff's",
        "report_reason": "the staff's",
    }),
    Block: ("blocked_members", {"blocked": "nickname"}),
    Notification: ("notified", {"about": "address", "part": "address", "mail": "read_at"}),
    NotificationChoice: ("notifications", {}),
    Delivery: ("mailings", {"mailing": "its subject", "attempts": "state"}),
    MailRefusal: ("refused_mailings", {}),
    Bounce: ("bounces", {}),
    PointEntry: ("points", {"about": "text", "spent": "amount", "kind": "text"}),
    AuthorAddress: ("addresses", {"address_hash": "made of the address"}),
    Consent: ("consents", {"text": "version"}),
    NicknameChange: ("nicknames", {"nickname_key": "made of 별명"}),
    Device: ("devices", {"key_hash": "a secret"}),
    Invitation: ("invitations", {"maker": "themselves"}),
    MemberEvent: ("events", {"words": "the staff's", "by": "of others"}),
    EmailAddress: ("email_addresses", {}),
    SocialAccount: ("social_accounts", {}),
    Authenticator: ("second_factors", {"data": "a secret"}),
}  # fmt: skip
NOT_OWN = {  # they refer to a member but have no data about them, or a secret
    "MemberSession", "MemberNote", "AddressBlock", "AddressLook", "LogEntry", "Submission",
    "ModerationEntry", "Source", "SourceEvent", "Complaint", "Member_groups",
    "Member_user_permissions", "Board_moderators", "BoardGroup_moderators", "BoardGroup_members",
    "ContentPicture", "ContentRevision", "Mailing", "SpamCase",
}  # fmt: skip
NAMES = {  # columns exported under other names
    "joined_at": "date_joined", "last_login_at": "last_login", "posts": "post_count",
    "comments": "comment_count", "views": "view_count", "likes": "like_count",
    "written_at": "created_at", "kept_at": "created_at", "uploaded_at": "created_at",
    "clicks": "click_count", "downloads": "download_count",
}  # fmt: skip


def test_every_column_about_a_member_is_listed(as_minji, minji, junho, lived_in, board):
    post = Post.objects.filter(author=minji).first()
    written = write_post(author=minji, board=board, subject="글", source="", tags=["꽃"])
    PostLink.objects.create(post=written, url="https://example.com/")
    Attachment.objects.create(post=written, uploader=minji, kind="file", name="표", size=1)
    field = ExtraField.objects.create(board=board, name="가격", kind="line")
    ExtraValue.objects.create(post=written, field=field, value="1")
    poll = Poll.objects.create(post=post, question="?")
    for model in OWN:
        if model in (
            Member,
            Post,
            PostBody,
            PostLink,
            PostTag,
            Attachment,
            ExtraValue,
            Comment,
            Message,
        ):
            continue
        fields = {each.name: each for each in model._meta.concrete_fields}
        owner = next(name for name in ("member", "user", "maker", "editor") if name in fields)
        values = {owner: minji}
        for name, example in (
            ("post", post),
            ("poll", poll),
            ("board", board),
            ("blocked", junho),
            ("token", uuid.uuid4()),
            ("comment", Comment.objects.first()),
            ("file", None),
            ("value", 1),
            ("at", timezone.now()),
        ):
            if name in fields and example is not None:
                values[name] = example
        if model is ReadMark:
            values["comment"] = 1
        if model is Report:
            values |= {"comment": None, "reason": "spam"}
        if model is FileDownload:
            values["file"] = store_file(uploader=minji, upload=document(), limit=10**6)
        if model is PostRevision:
            values["post"] = written
        if model is PointEntry:
            values |= {"amount": 1, "kind": "manual", "text": "선물"}
        if model is Invitation:
            values["code"] = "abcd"
        if model is Delivery:
            values["mailing"] = Mailing.objects.create(subject="봄 소식", html="<p>꽃</p>")
        if model is Authenticator:
            values |= {"type": "totp", "data": {}}
        model.objects.get_or_create(**values)
    write_comment(author=minji, post=post, text="댓글")
    send_message(sender=minji, receivers=[junho], text="쪽지")
    files = take(as_minji)
    for model, (name, left_out) in OWN.items():
        exported = set()
        for row in rows(files, name):
            for key, value in row.items():
                inner = value[0] if isinstance(value, list) and value else None
                exported |= {key, *(inner if isinstance(inner, dict) else ())}
        assert exported, f"{name} is empty: nothing is proved"
        exported |= {NAMES[key] for key in exported if key in NAMES}
        columns = {each.name for each in model._meta.concrete_fields if each.name != "pk"}
        missing = columns - exported - left_out.keys() - KEYS
        assert not missing, f"{model.__name__}: {missing}"
        assert not left_out.keys() - columns, f"{model.__name__}: {left_out.keys() - columns}"
    named = {
        model.__name__
        for model in apps.get_models(include_auto_created=True)
        for each in model._meta.concrete_fields
        if each.related_model is Member
    }
    assert named - NOT_OWN == {model.__name__ for model in OWN} & named
    assert named & NOT_OWN == NOT_OWN
