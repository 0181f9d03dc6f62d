"""Extra fields, drafts, social accounts, words, visitors, rights and what belongs to members."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone

from accounts.models import Consent, MailRefusal, Member, MemberNote
from accounts.permissions import belongs_to
from boards.models import Board, Draft, ExtraField, ExtraValue, SearchWord
from boards.queries.finding import board_at
from importer.actions.extras import import_extras
from importer.actions.members import import_members
from importer.actions.rights import import_admin_rights
from importer.actions.social import import_social_accounts
from importer.actions.sums import import_search_words, import_visit_counts
from importer.reading.values import moment
from tests.importer.conftest import move
from visits.models import DayCount


@pytest.fixture
def changed(old):
    """Changes the staged tables; they are as before after the test."""
    saved = []

    def change(sql: str, *values: object) -> None:
        table = old.prefix + sql.split("{")[1].split("}")[0]
        kept = f"kept_{uuid.uuid4().hex}"
        old.staging.query(f"CREATE TEMP TABLE {kept} AS SELECT * FROM {table}")
        saved.append((table, kept))
        old.staging.query(sql.replace("{", old.prefix).replace("}", ""), values)

    yield change
    for table, kept in reversed(saved):
        old.staging.query(f"DELETE FROM {table}")
        old.staging.query(f"INSERT INTO {table} SELECT * FROM {kept}")


def values_of(number: int) -> dict[str, str]:
    values = ExtraValue.objects.filter(post__board__slug="free", post__number=number)
    return {each.field.name: each.value for each in values.select_related("field")}


def test_extra_fields_have_their_labels(moved, changed, as_guest):
    changed("UPDATE {board} SET bo_1_subj = '가격', bo_2_subj = '' WHERE bo_table = 'free'")
    changed("UPDATE {write_free} SET wr_1 = '만 원', wr_2 = 'A&B' WHERE wr_id = '2'")
    list(import_extras(moved))
    assert values_of(2) == {"가격": "만 원", "여분필드 2": "A&B"}
    assert "만 원" in as_guest.get("/free/2/").text

    changed("UPDATE {write_free} SET wr_1 = '이만 원', wr_2 = '' WHERE wr_id = '2'")
    list(import_extras(moved))
    assert values_of(2) == {"가격": "이만 원"}  # nobody has changed it here
    ExtraValue.objects.update(value="여기서 고친 값")
    changed("UPDATE {write_free} SET wr_1 = '삼만 원' WHERE wr_id = '2'")
    list(import_extras(moved))
    assert values_of(2) == {"가격": "여기서 고친 값"}
    assert ExtraField.objects.filter(board__slug="free").count() == 2


def test_every_draft(moved, client):
    draft = Draft.objects.get()
    assert (draft.member.username, draft.subject) == ("hong", "쓰다 만 글")
    assert draft.source == "<p>나중에 이어서…</p>"
    assert draft.saved_at == moment("2026-11-24 19:45:38")
    client.login(username="hong", password="hongpass1!")
    page = client.get(f"/free/write/?draft={draft.pk}")
    assert "쓰다 만 글" in page.text
    draft.delete()
    move(moved)
    assert not Draft.objects.exists()


def test_social_accounts(moved, changed):
    changed(
        "INSERT INTO {member_social_profiles} (mp_no, mb_id, provider, identifier, mp_register_day) VALUES"
        " (1, 'hong', 'Naver', 'abc', '2025-01-02 03:04:05'), (2, 'leemj', 'kakao', '77', ''),"
        " (3, 'kimys', 'facebook', '9', ''), (4, 'nobody', 'kakao', '8', '')"
    )
    for _run in range(2):
        list(import_social_accounts(moved))
    found = SocialAccount.objects.order_by("pk").values_list("user__username", "provider", "uid")
    assert list(found) == [("hong", "naver", "abc"), ("leemj", "kakao", "77")]
    assert SocialAccount.objects.first().date_joined == moment("2025-01-02 03:04:05")
    assert set(moved.problems["여기에 없는 소셜로그인"]) == {"facebook"}


def test_every_searched_word(moved, changed):
    words = SearchWord.objects.order_by("word").values_list("day", "word", "visitors")
    day = moment("2026-11-24 00:00:00").date()
    assert list(words) == [(day, "경제", 1), (day, "금리", 1), (day, "제주도", 1)]
    changed(
        "INSERT INTO {popular} (pp_id, pp_word, pp_date, pp_ip) VALUES (9, '경제', '2026-11-24', '1.1.1.1'),"
        " (10, 'hong@example.com', '2026-11-24', '1.1.1.1')"
    )
    SearchWord.objects.filter(word="경제").update(visitors=5)  # four searches here
    for _run in range(2):
        list(import_search_words(moved))
    assert dict(SearchWord.objects.values_list("word", "visitors")) == {
        "경제": 6,
        "금리": 1,
        "제주도": 1,
    }


def test_visitors(moved, changed):
    assert list(DayCount.objects.values_list("day", "imported")) == [
        (moment("2026-11-24 00:00:00").date(), 9)
    ]
    changed(
        "INSERT INTO {visit_sum} (vs_date, vs_count) VALUES ('0000-00-00', 3), ('2026-11-23', 7)"
    )
    list(import_visit_counts(moved))
    assert DayCount.objects.count() == 2
    assert moved.problems["날짜가 잘못된 접속자 수"] == ["0000-00-00"]


def test_rights_in_the_admin(moved, changed, client):
    kim = Member.objects.get(username="kimys")
    assert kim.is_staff
    assert kim.get_user_permissions() == {
        "boards.view_board", "boards.add_board", "boards.change_board",
    }  # fmt: skip
    client.force_login(kim)
    assert client.get("/admin/boards/board/").status_code == 200
    assert client.get("/admin/accounts/member/").status_code == 403
    changed(
        "INSERT INTO {auth} (mb_id, au_menu, au_auth) VALUES ('leemj', '300700', 'r,w'), ('leemj', '500100', 'r')"
    )
    list(import_admin_rights(moved))
    lee = Member.objects.get(username="leemj")
    assert not lee.is_staff
    assert list(Board.objects.get(slug="faq").moderators.all()) == [lee]
    assert moved.problems["옮길 곳이 없는 관리권한"] == ["leemj 500100"]
    kim.user_permissions.clear()
    list(import_admin_rights(moved))
    assert not kim.user_permissions.exists()


def test_what_belongs_to_members(moved):
    notes = dict(MemberNote.objects.values_list("member__username", "text"))
    assert notes == {
        "kimys": "그누보드의 관리자 메모: 경제 게시판 담당",
        "parkjh": "그누보드의 관리자 메모: 도배로 차단",
        "choisy": "그누보드의 관리자 메모: 20261124 탈퇴함",
    }
    consents = Consent.objects.order_by("member__username")
    assert list(consents.values_list("member__username", "kind", "given_at")) == [
        ("hong", "marketing", moment("2026-11-24 19:45:26")),
        ("leemj", "marketing", moment("2026-11-24 19:45:27")),
        ("parkjh", "marketing", moment("2026-11-24 19:45:27")),
    ]
    refused = MailRefusal.objects.order_by("member__username")
    assert list(refused.values_list("member__username", flat=True)) == ["kimys"]
    assert not EmailAddress.objects.exists()  # the site did not ask for it


def test_confirmed_addresses_and_identities(old, db, changed, settings):
    changed("UPDATE {config} SET cf_use_email_certify = 1")
    changed("UPDATE {member} SET mb_email_certify = '0000-00-00 00:00:00' WHERE mb_id = 'leemj'")
    changed("UPDATE {member} SET mb_certify = 'hp', mb_adult = 0 WHERE mb_id = 'leemj'")
    changed("UPDATE {member} SET mb_certify = 'ipin', mb_adult = 1 WHERE mb_id = 'kimys'")
    changed("UPDATE {board} SET bo_use_cert = 'adult' WHERE bo_table = 'free'")
    move(old)
    assert list(
        Member.objects.filter(must_confirm_email=True).values_list("username", flat=True)
    ) == ["leemj"]
    assert EmailAddress.objects.get(user__username="hong").verified
    assert board_at("free").audience == "adult"
    settings.AUDIENCE_CHECK = "importer.actions.member_details.was_certified"
    members = {each.username: each for each in Member.objects.all()}
    assert [belongs_to(members["leemj"], each) for each in ("certified", "adult")] == [True, False]
    assert belongs_to(members["kimys"], "adult")
    assert not belongs_to(members["hong"], "certified")


def test_who_recommended_whom(old, db, changed):
    changed("UPDATE {member} SET mb_recommend = 'Admin' WHERE mb_id = 'choisy'")  # joined later
    changed("UPDATE {member} SET mb_recommend = mb_id WHERE mb_id = 'hong'")
    list(import_members(old))
    assert dict(
        Member.objects.exclude(recommender=None).values_list("username", "recommender__username")
    ) == {"choisy": "admin"}


def test_a_suspension_or_a_leave_in_the_future_has_not_begun(old, db, changed):
    later = (timezone.now() + timezone.timedelta(days=9)).strftime("%Y%m%d")
    changed("UPDATE {member} SET mb_intercept_date = ?, mb_leave_date = ?", later, later)
    list(import_members(old))
    assert not Member.objects.filter(left_at__isnull=False).exists()
    assert not any(each.is_suspended for each in Member.objects.all())
