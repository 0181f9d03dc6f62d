"""임시 저장 (drafts): a form is saved while its author writes, is visible to them alone, and is
never published automatically.
"""

import contextlib
import datetime
import re
import uuid

import pytest
from django.core.management import call_command
from django.utils import timezone

from boards.actions import drafts as actions
from boards.actions.drafts import AlreadyPublished, save_draft
from boards.actions.files import store_file, store_picture
from boards.actions.posts import delete_post, edit_post
from boards.models import Attachment, Board, Category, Draft, ExtraField, ExtraValue, Post
from boards.queries.drafts import words_of
from boardsite.text.richtext import MAX_SOURCE
from tests.boards.browsing import all_at_once, document, picture, post_form, read
from tests.page import Page, follow

SAVE = "/free/drafts/"
WRITE = "/free/write/"
EDIT = "/free/1/edit/"
REPLY = "/free/1/reply/"
LOST = "답변하려던 글이 없어졌거나 지금은 답변할 수 없습니다."
DAY = datetime.timedelta(days=1)


@pytest.fixture
def form(minji, board):
    """Return the fields that the script sends of minji's form."""
    return post_form(subject="쓰다 만 글", source="<p>봄이</p>", member=minji.pk)


def open_form(browser, address: str) -> dict:
    """Return the fields of the form at `address` as a browser would send them."""
    fields = {}
    form = next(form for form in Page(read(browser, address)).all("form") if form.all("textarea"))
    for field in form.all("input") + form.all("textarea") + form.all("select"):
        kind, name = field.attributes.get("type", ""), field.attributes.get("name")
        if not name or kind == "file" or (kind == "checkbox" and "checked" not in field.attributes):
            continue
        value = field.attributes.get("value", "on" if kind == "checkbox" else "")
        if field.tag == "textarea":
            value = "".join(map(str, field.children)).removeprefix("\n")
        if field.tag == "select":
            chosen = [option for option in field.all("option") if "selected" in option.attributes]
            value = chosen[0]["value"] if chosen else ""
        fields.setdefault(name, []).append(value)
    return fields


# -- saving ----------------------------------------------------------------------------------------
def test_the_response_says_when_the_draft_was_saved(as_minji, form):
    answer = as_minji.post(SAVE, form)
    assert answer.status_code == 200
    draft = Draft.objects.get()
    assert answer.json() == {"saved": f"{timezone.localtime(draft.saved_at):%H:%M}", "message": ""}
    assert (draft.member.username, draft.board.slug, draft.post) == ("minji", "free", None)
    assert (draft.subject, draft.source, draft.format) == ("쓰다 만 글", "<p>봄이</p>", "html")
    assert Post.objects.count() == 0


def test_one_form_saves_one_draft(as_minji, form):
    for words in ("<p>봄이</p>", "<p>봄이 왔</p>", "<p>봄이 왔다</p>"):
        as_minji.post(SAVE, form | {"source": words})
    assert Draft.objects.get().source == "<p>봄이 왔다</p>"
    as_minji.post(SAVE, form | {"submission": str(uuid.uuid4())})
    assert Draft.objects.count() == 2


def test_two_members_may_have_the_same_token(as_minji, as_junho, junho, form):
    as_minji.post(SAVE, form)
    as_junho.post(SAVE, form | {"member": junho.pk, "subject": "준호의 글"})
    assert dict(Draft.objects.values_list("member__username", "subject")) == {
        "minji": "쓰다 만 글",
        "junho": "준호의 글",
    }


def test_the_opened_draft_restores_the_form(as_minji, board, form):
    chat = Category.objects.create(board=board, name="잡담")
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    words = form | {
        "source": "</textarea><b>굵게</b>",
        "category": chat.pk,
        "is_secret": "on",
        "link1": "https://pado.kr/1",
    }
    as_minji.post(SAVE, words)
    fields = open_form(as_minji, f"{WRITE}?draft={Draft.objects.get().pk}")
    for name in ("subject", "source", "format", "submission", "is_secret", "link1"):
        assert fields[name] == [words[name]]
    assert fields["category"] == [str(chat.pk)]


def test_unknown_fields_are_saved_too(as_minji, form):
    as_minji.post(
        SAVE, form | {"tags": "봄, 꽃", "extra_7": ["가", "나"], "guest_password": "비밀"}
    )
    fields = Draft.objects.get().fields
    assert (fields["tags"], fields["extra_7"]) == (["봄, 꽃"], ["가", "나"])
    assert "비밀" not in str(fields)
    assert not {"member", "submission", "csrfmiddlewaretoken"} & set(fields)


def test_a_too_long_subject_is_not_cut(as_minji, form):
    as_minji.post(SAVE, form | {"subject": "가" * 300})
    draft = Draft.objects.get()
    assert draft.subject == "가" * 200
    assert open_form(as_minji, f"{WRITE}?draft={draft.pk}")["subject"] == ["가" * 300]


def test_a_text_too_long_for_a_post_is_refused(as_minji, form):
    for words in ({"source": "가" * (MAX_SOURCE + 1)}, {"link1": "가" * 20_001}):
        answer = as_minji.post(SAVE, form | words)
        assert answer.status_code == 422
        assert "너무 길어" in answer.json()["message"]
    as_minji.post(SAVE, form | {"source": "가" * MAX_SOURCE})
    assert Draft.objects.count() == 1


def test_characters_that_a_database_cannot_store_are_removed(as_minji, form):
    answer = as_minji.post(SAVE, form | {"source": "봄\0", "link1": "\0나", "가\0": "다"})
    assert answer.status_code == 200
    draft = Draft.objects.get()
    assert (draft.source, draft.fields) == ("봄", {"link1": ["나"], "가": ["다"]})


def test_saving_above_twenty_drafts_deletes_the_oldest_and_says_so(as_minji, form):
    for number in range(20):
        fields = {"submission": str(uuid.uuid4()), "subject": f"글 {number}"}
        assert as_minji.post(SAVE, form | fields).json()["message"] == ""
    answer = as_minji.post(SAVE, form).json()
    assert answer["message"] == "임시 저장 글은 20개까지입니다. 가장 오래된 것을 지웠습니다."
    assert Draft.objects.count() == 20
    assert not Draft.objects.filter(subject="글 0").exists()


def test_the_rate_limit_applies_to_saving(as_minji, form, monkeypatch):
    from boards.views import drafting
    from boardsite.limits.rate_limit import TooMany

    def too_often(*args, **kwargs):
        raise TooMany(30)

    monkeypatch.setattr(drafting, "hit_or_refuse", too_often)
    answer = as_minji.post(SAVE, form)
    assert answer.status_code == 429
    assert "30초 뒤에" in answer.json()["message"]


# -- without JavaScript ----------------------------------------------------------------------------
def test_the_button_saves_the_form_and_shows_it_again(as_minji, board):
    words = post_form(subject="", source="아직 제목이 없다", format="text", draft="1")
    answer = as_minji.post(WRITE, words)
    draft = Draft.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{WRITE}?draft={draft.pk}")
    assert "임시 저장했습니다. 아직 등록한 것은 아닙니다." in read(as_minji, answer.url)
    assert open_form(as_minji, answer.url)["source"] == ["아직 제목이 없다"]
    assert Post.objects.count() == 0


def test_chosen_files_need_not_be_chosen_again(as_minji, board):
    as_minji.post(WRITE, post_form(files=[document()], draft="1"))
    draft = Draft.objects.get()
    file = Attachment.objects.get()
    assert list(draft.files.all()) == [file]
    fields = open_form(as_minji, f"{WRITE}?draft={draft.pk}")
    assert fields["kept_files"] == [str(file.pk)]
    as_minji.post(WRITE, fields)
    assert Attachment.objects.get().post == Post.objects.get()


def test_a_too_long_text_stays_on_the_page(as_minji, board):
    answer = as_minji.post(WRITE, post_form(source="가" * (MAX_SOURCE + 1), draft="1"))
    assert answer.status_code == 422
    assert "너무 길어" in answer.content.decode()
    assert "가" * 1000 in answer.content.decode()


def test_only_members_see_the_save_button(as_minji, as_guest, board):
    Board.objects.update(write_level=1)
    assert "임시 저장" in read(as_minji, WRITE)
    assert "임시 저장" not in read(as_guest, WRITE)
    answer = as_guest.post(WRITE, post_form(draft="1"))
    assert answer.status_code == 403
    assert Draft.objects.count() == Post.objects.count() == 0


# -- permissions -----------------------------------------------------------------------------------
def test_an_expired_session_is_reported(as_guest, as_junho, form):
    for browser in (as_guest, as_junho):  # junho uses a form that was opened for minji
        answer = browser.post(SAVE, form)
        assert answer.status_code == 401
        assert answer.json()["message"] == "로그인이 풀렸습니다."
    assert Draft.objects.count() == 0


def test_a_draft_needs_permission_to_write_on_the_board(as_minji, form):
    Board.objects.update(write_level=9)
    answer = as_minji.post(SAVE, form)
    assert answer.status_code == 403
    assert answer.json()["message"] == "글을 쓸 권한이 없습니다."
    assert Draft.objects.count() == 0


def test_a_draft_of_an_edit_needs_permission_to_edit(as_minji, as_junho, junho, form, post):
    assert as_minji.post(SAVE, form | {"post": 1}).status_code == 200
    assert Draft.objects.get().post == post
    assert as_junho.post(SAVE, form | {"post": 1, "member": junho.pk}).status_code == 403
    for number in ("999", "0", "가", "9" * 30):
        assert as_minji.post(SAVE, form | {"post": number}).status_code == 404
    assert Draft.objects.count() == 1


def test_saving_needs_a_post_request_and_a_csrf_token(minji, as_minji, form):
    from django.test import Client

    assert as_minji.get(SAVE).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(minji)
    assert strict.post(SAVE, form).status_code == 403
    assert Draft.objects.count() == 0


def test_others_cannot_open_a_draft(as_minji, as_junho, as_guest, as_owner, form):  # case 25
    as_minji.post(SAVE, form)
    address = f"{WRITE}?draft={Draft.objects.get().pk}"
    for browser in (as_junho, as_owner):
        assert "쓰다 만 글" not in read(browser, address, status=404)
    assert "쓰다 만 글" not in read(as_guest, address, status=403)
    for asked in ("999999", "0", "가", "-1", "9" * 40):
        read(as_minji, f"{WRITE}?draft={asked}", status=404)


# -- publishing ------------------------------------------------------------------------------------
def test_publishing_deletes_the_draft(as_minji, form):
    as_minji.post(SAVE, form)
    draft = Draft.objects.get()
    as_minji.post(WRITE, open_form(as_minji, f"{WRITE}?draft={draft.pk}"))
    assert Post.objects.get().subject == "쓰다 만 글"
    assert Draft.objects.count() == 0


def test_a_draft_stays_when_publishing_fails(as_minji, form):
    as_minji.post(SAVE, form)
    assert as_minji.post(WRITE, form | {"subject": ""}).status_code == 422
    assert Draft.objects.count() == 1


def test_a_save_after_publishing_creates_no_draft(as_minji, form):
    as_minji.post(WRITE, form)
    answer = as_minji.post(SAVE, form)
    assert answer.status_code == 409
    assert Draft.objects.count() == 0
    more = as_minji.post(SAVE, form | {"submission": answer.json()["token"]})
    assert more.status_code == 200


def test_saving_and_publishing_at_once_leave_no_draft(side_by_side, minji, board):
    from boards.actions.posts import write_post

    words = words_of([("subject", ["봄"]), ("source", ["봄"])])

    def save(token):
        with contextlib.suppress(AlreadyPublished):
            save_draft(member=minji, board=board, token=token, words=words)

    for _round in range(3):
        token = uuid.uuid4()
        saves = [lambda token=token: save(token)] * 2
        saves.append(
            lambda token=token: write_post(
                author=minji, board=board, subject="봄", source=str(token), submission=token
            )
        )
        all_at_once(saves)
        assert Draft.objects.count() == 0


def test_parallel_saves_of_one_form_leave_one_draft(side_by_side, minji, board):
    words, token = words_of([("subject", ["봄"])]), uuid.uuid4()
    all_at_once([lambda: save_draft(member=minji, board=board, token=token, words=words)] * 4)
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("device", ["this one", "another"])
@pytest.mark.parametrize("old", [False, True])
def test_opened_on_another_board_a_draft_fills_matching_fields_and_publishes_nothing(
    device, old, as_minji, minji, log_in, board, other_board, form
):  # case 80
    chat = Category.objects.create(board=board, name="잡담")
    as_minji.post(SAVE, form | {"category": chat.pk})
    if old:
        Draft.objects.update(saved_at=timezone.now() - 400 * DAY)
    browser = as_minji if device == "this one" else log_in(minji)
    fields = open_form(browser, f"/qna/write/?draft={Draft.objects.get().pk}")
    assert (fields["subject"], fields["source"]) == (["쓰다 만 글"], ["<p>봄이</p>"])
    assert "category" not in fields
    assert Post.objects.count() == 0
    browser.post("/qna/write/", fields)
    assert Post.objects.get().board == other_board
    assert Draft.objects.count() == 0


def test_a_draft_opened_on_two_devices_is_published_once(as_minji, minji, log_in, form):
    as_minji.post(SAVE, form)
    address = f"{WRITE}?draft={Draft.objects.get().pk}"
    first, second = open_form(as_minji, address), open_form(log_in(minji), address)
    as_minji.post(WRITE, first)
    log_in(minji).post(WRITE, second)
    assert Post.objects.count() == 1


# -- editing ---------------------------------------------------------------------------------------
def test_the_draft_of_an_edit(as_minji, form, post):
    fields = open_form(as_minji, EDIT)
    as_minji.post(
        SAVE, fields | {"source": "<p>고치다 만</p>", "member": form["member"], "post": 1}
    )
    draft = Draft.objects.get()
    reopened = open_form(as_minji, f"{EDIT}?draft={draft.pk}")
    assert reopened["source"] == ["<p>고치다 만</p>"]
    assert reopened["submission"] == fields["submission"]
    assert "벚꽃" in read(as_minji, "/free/1/")
    as_minji.post(EDIT, reopened)
    assert "고치다 만" in read(as_minji, "/free/1/")
    assert Draft.objects.count() == 0


def test_an_unchecked_box_stays_unchecked(as_minji, form, post):
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    Post.objects.update(is_secret=True)
    fields = open_form(as_minji, EDIT)
    assert fields.pop("is_secret") == ["on"]
    as_minji.post(SAVE, fields | {"member": form["member"], "post": 1})
    assert "is_secret" not in open_form(as_minji, f"{EDIT}?draft={Draft.objects.get().pk}")


def test_a_draft_of_a_post_edited_since_then_says_so(as_minji, minji, form, post):
    warning = "임시 저장한 뒤에 이 글이 고쳐졌습니다."
    fields = open_form(as_minji, EDIT)
    as_minji.post(SAVE, fields | {"member": form["member"], "post": 1})
    address = f"{EDIT}?draft={Draft.objects.get().pk}"
    assert warning not in read(as_minji, address)
    edit_post(post=post, by=minji, subject="새 제목", source="<p>새 글</p>")
    assert warning in read(as_minji, address)


def test_a_draft_cannot_be_opened_in_another_post(as_minji, form, post):
    as_minji.post(SAVE, form)
    read(as_minji, f"{EDIT}?draft={Draft.objects.get().pk}", status=404)


def test_the_draft_of_a_deleted_post_can_become_a_new_post(as_minji, minji, form, post):
    as_minji.post(SAVE, form | {"post": 1})
    delete_post(post=post, by=minji)
    draft = Draft.objects.get()
    fields = open_form(as_minji, f"{WRITE}?draft={draft.pk}")
    assert fields["subject"] == ["쓰다 만 글"]
    assert fields["submission"] != [str(draft.token)]


# -- restored fields -------------------------------------------------------------------------------
def test_every_field_is_restored(as_minji, minji, board, form):
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    chat = Category.objects.create(board=board, name="잡담")
    place = ExtraField.objects.create(board=board, name="장소")
    file = store_file(uploader=minji, upload=document("봄 일정표.txt"), limit=1000)
    said = {
        "category": str(chat.pk),
        "tags": "봄, 꽃",
        f"extra_{place.pk}": "여의도",
        "link1": "https://pado.kr/1",
        "link2": "https://pado.kr/2",
        "is_secret": "on",
        "kept_files": str(file.pk),
    }
    as_minji.post(SAVE, form | said)
    address = f"{WRITE}?draft={Draft.objects.get().pk}"
    fields = open_form(as_minji, address)
    assert {name: fields[name] for name in said} == {name: [said[name]] for name in said}
    assert "봄 일정표.txt" in read(as_minji, address)
    as_minji.post(WRITE, fields)
    post = Post.objects.get()
    assert (post.category, post.is_secret, post.attachments.get()) == (chat, True, file)
    page = read(as_minji, "/free/1/")
    follow(page, ["여의도", "봄 일정표.txt"])
    assert all(link in page for link in ("https://pado.kr/1", "https://pado.kr/2"))


def test_files_of_others_are_not_restored(as_minji, junho, form):  # case 25
    foreign = store_file(uploader=junho, upload=document("준호의 일정표.txt"), limit=1000)
    as_minji.post(SAVE, form | {"kept_files": foreign.pk})
    address = f"{WRITE}?draft={Draft.objects.get().pk}"
    assert "준호의 일정표" not in read(as_minji, address)
    assert "kept_files" not in open_form(as_minji, address)


def test_a_cleared_field_stays_empty(as_minji, minji, form, post, board):
    place = ExtraField.objects.create(board=board, name="장소")
    ExtraValue.objects.create(post=post, field=place, value="여의도")
    name = f"extra_{place.pk}"
    fields = open_form(as_minji, EDIT)
    assert fields[name] == ["여의도"]
    as_minji.post(SAVE, fields | {name: "", "member": form["member"], "post": 1})
    assert open_form(as_minji, f"{EDIT}?draft={Draft.objects.get().pk}")[name] == [""]


# -- reply posts -----------------------------------------------------------------------------------
@pytest.fixture
def answer(as_minji, minji, post):
    """Return the draft of minji's reply to `post`, saved as her browser does."""
    words = {"subject": "쓰다 만 답변", "source": "저도 갑니다", "member": minji.pk}
    fields = open_form(as_minji, REPLY) | words
    assert as_minji.post(SAVE, fields).status_code == 200
    return Draft.objects.get()


def test_the_draft_of_a_reply_post_stays_a_reply_post(as_minji, answer, post):
    for asked in (WRITE, REPLY, "/qna/write/"):
        if asked.startswith("/qna/"):
            Board.objects.create(group=post.board.group, slug="qna", name="질문", position=9)
        if asked != REPLY:
            assert as_minji.get(f"{asked}?draft={answer.pk}").url == f"{REPLY}?draft={answer.pk}"
    assert f"{REPLY}?draft={answer.pk}" in read(as_minji, "/drafts/")
    fields = open_form(as_minji, f"{REPLY}?draft={answer.pk}")
    assert fields["submission"] == [str(answer.token)]
    as_minji.post(REPLY, fields)
    written = Post.objects.get(subject="쓰다 만 답변")
    assert (written.thread, written.depth) == (post.thread, 1)
    assert Draft.objects.count() == 0


def test_without_javascript_the_draft_stays_a_reply_post_too(as_minji, post):
    address = as_minji.post(REPLY, post_form(subject="답변", draft="1")).url
    draft = Draft.objects.get()
    assert address == f"{REPLY}?draft={draft.pk}"
    assert as_minji.get(f"{WRITE}?draft={draft.pk}").url == address


def test_a_reply_to_a_deleted_post_says_so_and_waits_for_confirmation(
    as_minji, minji, answer, post
):
    delete_post(post=post, by=minji)
    address = f"{WRITE}?draft={answer.pk}"
    assert address in read(as_minji, "/drafts/")
    assert LOST in read(as_minji, address)
    fields = open_form(as_minji, address)
    as_minji.post(SAVE, fields | {"member": minji.pk})
    assert LOST in read(as_minji, address)  # however often the script saves it
    assert LOST in as_minji.post(WRITE, fields | {"subject": ""}).content.decode()
    assert Post.objects.published().count() == 0
    as_minji.post(WRITE, fields)
    assert Post.objects.published().get().depth == 0


def test_a_draft_of_a_reply_post_is_saved_where_only_reply_posts_are_allowed(
    as_minji, answer, post
):
    Board.objects.update(write_level=9)
    fields = open_form(as_minji, f"{REPLY}?draft={answer.pk}") | {"member": answer.member_id}
    assert as_minji.post(SAVE, fields).status_code == 200
    for wrong in ("999999", "가", "9" * 30, ""):
        assert as_minji.post(SAVE, fields | {"answers": wrong}).status_code == 403


def test_others_cannot_reply_with_the_draft(as_junho, as_guest, answer):  # case 25
    assert "쓰다 만 답변" not in read(as_junho, f"{REPLY}?draft={answer.pk}", status=404)
    assert "쓰다 만 답변" not in read(as_junho, f"{WRITE}?draft={answer.pk}", status=404)
    assert "쓰다 만 답변" not in read(as_guest, f"{REPLY}?draft={answer.pk}", status=403)


def test_a_new_post_opened_in_a_reply_form_keeps_its_own_draft(as_minji, form, post):
    as_minji.post(SAVE, form)
    draft = Draft.objects.get()
    fields = open_form(as_minji, f"{REPLY}?draft={draft.pk}")
    assert fields["subject"] == ["쓰다 만 글"]
    assert fields["submission"] != [str(draft.token)]


# -- files -----------------------------------------------------------------------------------------
def test_files_of_a_draft_survive_tidy(
    as_minji, minji, junho, form, django_capture_on_commit_callbacks
):
    inline = store_picture(uploader=minji, upload=picture(), is_inline=True)
    chosen = store_file(uploader=minji, upload=document(), limit=1000)
    foreign = store_file(uploader=junho, upload=document(), limit=1000)
    source = f'<p><img src="{inline.url}"></p>'
    as_minji.post(SAVE, form | {"source": source, "kept_files": [chosen.pk, foreign.pk, "가"]})
    Attachment.objects.update(created_at=timezone.now() - 2 * DAY)
    call_command("tidy")
    assert set(Attachment.objects.all()) == {inline, chosen}
    assert set(Draft.objects.get().files.all()) == {inline, chosen}
    Draft.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tidy")
    assert Attachment.objects.count() == 0
    assert not chosen.file.storage.exists(chosen.file.name)


@pytest.mark.parametrize(("days", "kept"), [(90, 1), (3, 0), (0, 1)])
def test_tidy_deletes_old_drafts(days, kept, settings, as_minji, form):
    settings.DRAFT_DAYS = days
    as_minji.post(SAVE, form)
    Draft.objects.update(saved_at=timezone.now() - 10 * DAY)
    call_command("tidy")
    assert Draft.objects.count() == kept


def test_the_maximum_number_of_drafts_is_the_one_the_page_states(as_minji, board):
    assert re.search(rf"{actions.MOST_DRAFTS}개까지", read(as_minji, "/drafts/"))
