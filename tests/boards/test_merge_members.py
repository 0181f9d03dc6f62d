"""Two accounts of one person are merged: everything moves to one, and every counter stays correct."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.apps import apps
from django.contrib.auth.models import Group
from django.db.models import CharField, JSONField, TextField

from accounts.actions import merging as accounts_merging
from accounts.actions.blocks import block_member
from accounts.actions.messages import send_message
from accounts.actions.notes import write_note
from accounts.actions.points import adjust_points, welcome_member
from accounts.actions.record import log_action
from accounts.models import (
    Block,
    Consent,
    Device,
    Invitation,
    Member,
    MemberEvent,
    MemberSession,
    Notification,
    PointEntry,
)
from accounts.permissions import Refused
from accounts.queries.retired_names import is_retired
from boards import search
from boards.actions import merging as boards_merging
from boards.actions.comments import write_comment
from boards.actions.files import store_file
from boards.actions.leaving import erase_member
from boards.actions.merging import merge_members
from boards.actions.posts import delete_post, write_post
from boards.actions.reactions import unvote_post, vote_comment, vote_post
from boards.actions.reading import Mark, count_download, mark_read
from boards.actions.withholding_comments import delete_comment
from boards.models import (
    BoardWatch,
    Comment,
    Draft,
    FileDownload,
    Post,
    PostVote,
    ReadMark,
    Report,
    Scrap,
    Submission,
    Vote,
    WordWatch,
)
from boards.repair import recount
from tests.boards.browsing import document
from tests.conftest import PASSWORD, make_member

PAGE = "/admin/accounts/member/merge/"


@pytest.fixture
def second(db):
    """minji's other account."""
    return make_member("minji2", "민지둘")


def all_keys() -> dict[str, tuple]:
    """Return every foreign key to Member, by name."""
    relations = [
        each
        for each in Member._meta.get_fields(include_hidden=True)
        if each.auto_created and not each.concrete and not each.many_to_many
    ]
    return {f"{r.related_model._meta.label}.{r.field.name}": r for r in relations}


def handled() -> list[str]:
    names = []
    for module in (accounts_merging, boards_merging):
        for model, field, *_others in [*module.MOVED, *module.ONCE, *module.DROPPED]:
            names.append(f"{model._meta.label}.{field}")
        names += [*module.KEPT_AS_HISTORY, *module.SPECIAL]
    return names


def test_every_foreign_key_to_a_member_is_handled():
    assert sorted(handled()) == sorted(all_keys()), "say in MOVED, ONCE, … what becomes of it"


@pytest.fixture
def town(points_on, board, other_board, group, minji, junho, second, owner):
    """Both accounts have used every feature, often on the same rows."""
    board.write_points, board.comment_points, board.liked_points = 10, 3, 2
    board.save()
    own = write_post(author=minji, board=board, subject="첫째 글", source="<p>하나 가나다</p>")
    other = write_post(author=second, board=board, subject="둘째 글", source="<p>둘 라마바</p>")
    gone = write_post(author=second, board=board, subject="지운 글", source="<p>셋</p>")
    delete_post(post=gone, by=second)
    his = write_post(author=junho, board=board, subject="준호 글", source="<p>넷</p>")
    secret = write_post(
        author=second, board=other_board, subject="비밀", source="<p>다섯</p>", is_secret=True
    )
    answer = write_post(author=junho, board=board, subject="답", source="<p>답</p>", reply_to=other)
    for author in (minji, second):
        write_comment(author=author, post=his, text=f"{author.username}의 말 사아자")
    deleted = write_comment(author=second, post=own, text="지울 말")
    delete_comment(comment=deleted, by=second)
    talk = write_comment(author=junho, post=other, text="준호의 말")
    for member in (minji, second):
        vote_post(post=his, member=member, value=Vote.LIKE)
        vote_comment(comment=talk, member=member, value=Vote.DISLIKE)
        Scrap.objects.create(member=member, post=his, note=member.username)
        Report.objects.create(member=member, post=his, reason="spam")
        Report.objects.create(member=member, post=other, comment=talk, reason="spam")
        BoardWatch.objects.create(member=member, board=board)
        WordWatch.objects.create(member=member, word="벚꽃", key="벚꽃")
        Draft.objects.create(member=member, board=board, token=own_token(member), subject="초안")
        welcome_member(member=member)
        EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=True)
        board.moderators.add(member)
        group.members.add(member)
        Consent.objects.create(member=member, kind="marketing")
        Invitation.objects.create(maker=member, code=member.username)
        device = Device.objects.create(member=member, key_hash="a", name="Firefox")
        MemberSession.objects.create(member=member, device=device, session_key=member.username)
        send_message(sender=junho, receivers=[member], text="안녕")
        block_member(member=junho, blocked=member)
        write_note(member=member, text="두 사람 같음", by=owner)
    vote_post(post=answer, member=second, value=Vote.LIKE)  # junho earns points for it
    vote_post(post=own, member=second, value=Vote.LIKE)  # both like each other's posts
    vote_post(post=other, member=minji, value=Vote.LIKE)
    mark_read([Mark(minji.pk, his.pk, 1)])
    mark_read([Mark(second.pk, his.pk, 7)])
    mark_read([Mark(second.pk, own.pk, 2)])
    file = store_file(uploader=second, upload=document(), limit=1000)
    other.attachments.add(file)
    Post.objects.filter(pk=other.pk).update(file_count=1)
    for member in (minji, second):
        count_download(file=file, member=member)
    send_message(sender=minji, receivers=[second], text="나에게")
    adjust_points(member=second, amount=500, reason="상", about="prize", by=owner)
    SocialAccount.objects.create(user=second, provider="kakao", uid="77")
    Authenticator.objects.create(user=second, type=Authenticator.Type.TOTP, data={})
    second.groups.add(Group.objects.create(name="직원"))
    assert recount(repairs=False) == []
    return {"own": own, "other": other, "his": his, "answer": answer, "secret": secret}


def own_token(member):
    return f"00000000-0000-4000-8000-{member.pk:012d}"


def test_everything_moves_and_every_counter_stays_correct(town, minji, second, junho, owner):
    before = {member: Member.objects.get(pk=member.pk).points for member in (minji, second, junho)}
    lines = PointEntry.objects.filter(member__in=[minji, second]).count()
    merge_members(kept=minji, gone=second, by=owner)
    assert recount(repairs=False) == []
    left = accounts_merging.KEPT_AS_HISTORY | boards_merging.KEPT_AS_HISTORY
    for name, relation in all_keys().items():
        rows = relation.related_model.objects.filter(**{relation.field.name: second})
        if relation.related_model is MemberEvent:
            rows = rows.exclude(kind="merged")
        assert name in left or not rows.exists(), name
    minji.refresh_from_db()
    assert minji.post_count == 3
    assert Post.objects.get(pk=town["other"].pk).author_name == "민지둘"
    assert Post.objects.get(pk=town["answer"].pk).thread_author == minji
    # Likes between the two accounts are deleted with their points; of two likes of junho's post one
    # is left.
    assert minji.points == before[minji] + before[second] - 4
    assert Member.objects.get(pk=junho.pk).points == before[junho] - 2
    assert PointEntry.objects.filter(member=minji).count() == lines - 2
    assert PostVote.objects.filter(member=minji).count() == 2
    assert Post.objects.get(pk=town["his"].pk).like_count == 1
    assert Scrap.objects.get(member=minji).note == "minji"
    assert ReadMark.objects.get(member=minji, post=town["his"]).comment == 7
    assert Report.objects.filter(member=minji).count() == 2
    assert FileDownload.objects.get().member == minji
    assert SocialAccount.objects.get().user == minji
    assert EmailAddress.objects.get().user == minji
    assert not Authenticator.objects.exists()
    assert not Submission.objects.filter(member=second).exists()
    assert Consent.objects.filter(member=minji, withdrawn_at=None).count() == 1
    assert Block.objects.get(member=junho).blocked == minji
    assert Notification.objects.filter(member=minji).exists()
    assert Comment.objects.filter(author=minji).count() == 3


def test_a_moved_like_is_withdrawn_with_its_points(town, minji, second, junho, owner):
    merge_members(kept=minji, gone=second, by=owner)
    points = Member.objects.get(pk=junho.pk).points
    unvote_post(post=town["answer"], member=minji)
    assert Member.objects.get(pk=junho.pk).points == points - 2
    assert recount(repairs=False) == []


def test_moved_content_is_found_under_the_remaining_member(town, minji, second, owner, as_owner):
    merge_members(kept=minji, gone=second, by=owner)
    assert "둘째 글" in as_owner.get("/search/", {"q": "라마바"}).text
    own = search.ask("라마바", author_id=minji.pk)
    assert search.posts.find(own, limit=5) == [town["other"].pk]
    talk = search.ask("사아자", author_id=minji.pk)
    assert len(search.comments.find(talk, limit=5)) == 2
    # removes its n-grams from the index
    delete_post(post=Post.objects.get(pk=town["other"].pk), by=owner)
    assert "둘째 글" not in as_owner.get("/search/", {"q": "라마바"}).text


def test_the_merged_account_cannot_log_in(town, minji, second, owner, as_guest, log_in):
    browser = log_in(second)
    merge_members(kept=minji, gone=second, by=owner)
    assert browser.get("/accounts/profile/").status_code == 302
    page = as_guest.post("/accounts/login/", {"login": "minji2", "password": PASSWORD})
    assert page.status_code != 302
    second.refresh_from_db()
    assert (second.is_active, second.erased_at is None) == (False, False)
    assert second.username == f"left_{second.pk}"
    assert is_retired("minji2"), "nobody else takes it"
    assert second.email != "minji2@example.com"
    assert "민지둘" not in second.nickname
    for member in (minji, second):
        assert member.events.filter(kind="merged", by=owner).count() == 1
    assert minji.nickname_changes.filter(nickname="민지둘").exists()


def test_a_merge_leaves_no_member_as_their_own_recommender(minji, second, owner):
    Member.objects.filter(pk=minji.pk).update(recommender=second)
    Member.objects.filter(pk=second.pk).update(recommender=minji)
    merge_members(kept=minji, gone=second, by=owner)
    assert not Member.objects.exclude(recommender=None).exists()


def test_the_merged_account_has_no_recommender(minji, second, junho, owner):
    Member.objects.filter(pk__in=[minji.pk, second.pk]).update(recommender=junho)
    merge_members(kept=minji, gone=second, by=owner)
    assert [*Member.objects.exclude(recommender=None)] == [minji]


def names_left(*names: str) -> list[str]:
    """Return where any of `names` occurs as a word in the database, as table.column."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, (CharField, TextField, JSONField)):
                for value in model.objects.values_list(field.attname, flat=True):
                    words = re.findall(r"[a-z0-9_]+", str(value).lower())
                    if {*names} & {*words}:
                        found.append(f"{model._meta.label}.{field.name}: {value}")
    return found


def test_erasing_after_a_merge_removes_both_names(post, minji, second, junho, owner):
    """Regression: both 아이디 remained in the merged row, its record, mentions and the admin log."""
    for member in (minji, second):
        called = write_comment(author=junho, post=post, text=f"@{member.nickname} 보세요")
        assert member.get_absolute_url() in called.html
    log_action(by=owner, member=second, words="minji2 회원을 살펴봄")
    merge_members(kept=minji, gone=second, by=owner)
    assert minji.get_absolute_url() in Comment.objects.get(pk=called.pk).html
    tables = {found.partition(":")[0] for found in names_left("minji2")}
    assert tables <= {"accounts.MemberEvent.words", "admin.LogEntry.change_message"}
    erase_member(member=Member.objects.get(pk=minji.pk))
    assert names_left("minji", "minji2") == []
    assert is_retired("minji")
    assert is_retired("minji2")


def test_an_interrupted_merge_continues_where_it_stopped(town, minji, second, owner, monkeypatch):
    monkeypatch.setattr(boards_merging, "AT_ONCE", 1)
    moving = boards_merging._move_comments
    monkeypatch.setattr(boards_merging, "_move_comments", lambda **both: 1 / 0)
    with pytest.raises((ZeroDivisionError, TypeError)):
        merge_members(kept=minji, gone=second, by=owner)
    assert recount(repairs=False) == []
    monkeypatch.setattr(boards_merging, "_move_comments", moving)
    merge_members(kept=minji, gone=Member.objects.get(pk=second.pk), by=owner)
    assert recount(repairs=False) == []
    assert not Post.objects.filter(author=second).exists()


def test_only_the_owner_merges_and_neither_an_owner_nor_an_account_with_itself(
    minji, second, junho, owner
):
    robot = make_member("robot", "수집이", is_robot=True)
    for kept, gone, by in (
        (minji, second, junho),
        (minji, owner, owner),
        (minji, minji, owner),
        (minji, robot, owner),
    ):
        with pytest.raises(Refused):
            merge_members(kept=kept, gone=gone, by=by)
    merge_members(kept=minji, gone=second, by=owner)
    with pytest.raises(Refused):  # submitted twice
        merge_members(kept=minji, gone=Member.objects.get(pk=second.pk), by=owner)
    assert minji.events.filter(kind="merged").count() == 1


# -- In the admin ----------------------------------------------------------------------------------
def test_the_owner_sees_both_accounts_and_types_the_name_to_confirm(as_owner, minji, second):
    page = as_owner.get(PAGE, {"kept": "minji", "gone": "minji2"}).text
    assert "minji@example.com" in page
    assert "minji2@example.com" in page
    form = {"kept": "minji", "gone": "minji2", "confirmation": "minji"}
    wrong = as_owner.post(PAGE, form)
    assert wrong.status_code == 422
    assert "없앨 계정의 아이디와 다릅니다." in wrong.text
    assert Member.objects.get(pk=second.pk).is_active
    done = as_owner.post(PAGE, form | {"confirmation": "minji2"}, follow=True)
    assert "두 계정을 합쳤습니다: minji2 → minji" in done.text
    assert not Member.objects.get(pk=second.pk).is_active
    again = as_owner.post(PAGE, form | {"confirmation": "minji2"})
    assert again.status_code == 422
    assert "그런 아이디의 회원이 없습니다." in again.text


def test_a_get_request_merges_nothing(as_owner, minji, second):
    as_owner.get(PAGE, {"kept": "minji", "gone": "minji2", "confirmation": "minji2"})
    assert Member.objects.get(pk=second.pk).is_active


def test_an_unknown_name_is_an_error(as_owner, minji):
    page = as_owner.get(PAGE, {"kept": "minji", "gone": "nobody"})
    assert page.status_code == 422
    assert "그런 아이디의 회원이 없습니다." in page.text


def test_staff_that_are_not_owners_may_not_merge(log_in, minji, second, junho):
    Member.objects.filter(pk=junho.pk).update(is_staff=True)
    browser = log_in(Member.objects.get(pk=junho.pk))
    form = {"kept": "minji", "gone": "minji2", "confirmation": "minji2"}
    assert browser.get(PAGE).status_code == 403
    assert browser.post(PAGE, form).status_code == 403
    assert Member.objects.get(pk=second.pk).is_active


def test_members_and_guests_may_not_merge(as_minji, as_guest, second):
    for browser in (as_minji, as_guest):
        assert browser.post(PAGE, {"kept": "minji", "gone": "minji2"}).status_code in (302, 403)


def test_of_two_merges_at_once_one_account_remains(minji, second, owner):
    """Each merges in the other direction, and both forms were open before."""
    left, right = Member.objects.get(pk=second.pk), Member.objects.get(pk=minji.pk)
    merge_members(kept=minji, gone=second, by=owner)
    with pytest.raises(Refused):
        merge_members(kept=left, gone=right, by=owner)
    with pytest.raises(Refused):
        merge_members(kept=right, gone=left, by=owner)
    minji.refresh_from_db()
    assert minji.is_here
    assert minji.events.filter(kind="merged").count() == 1


def test_nobody_can_register_the_name_that_the_account_gets(minji, second, owner):
    make_member("thief", f"합친회원{second.pk}")
    merge_members(kept=minji, gone=second, by=owner)
    second.refresh_from_db()
    assert (second.nickname, second.is_active) == (f"합친회원{second.pk}", False)
