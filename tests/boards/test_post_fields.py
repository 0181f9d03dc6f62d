"""Every field of a post survives every operation on the post, and every text field meets the
blocked words.

A new field makes these tests fail until `everything` gives it a value and the tables below say how
its column is treated.
"""

import uuid
from dataclasses import MISSING, asdict, fields, replace

import pytest
from django import forms
from django.contrib import admin
from django.db import models

import boards.forms
from boards.actions.boards import SECTIONS, copy_settings
from boards.actions.posts import edit_post, move_post, write_post
from boards.forms import CommentForm, PostForm, VoteForm
from boards.forms.rules import UNCHECKED
from boards.models import Board, BoardTexts, Post, PostBody
from boards.queries.exporting import own_posts
from boards.queries.post_fields import PostFields
from tests.boards.browsing import comment_form, guest_fields, post_form
from tests.boards.moderating import copy_post
from tests.boards.test_save_draft import open_form
from tests.conftest import furnish

EDIT = "/free/1/edit/"
NAMES = PostFields.names()


@pytest.fixture
def full(owner, board, everything) -> Post:
    return write_post(author=owner, board=board, **vars(everything))


def said(post: Post) -> PostFields:
    return PostFields.of(Post.objects.select_related("category", "body").get(pk=post.pk))


def elsewhere(everything: PostFields, board: Board) -> PostFields:
    """Replace the category and the extra field by those of the same name in another board."""
    category, place = furnish(board)
    pinned = {"is_notice": False, "is_site_notice": False}
    return replace(everything, category=category, extras={place: "너울골"}, **pinned)


def test_the_example_gives_every_field_a_value_of_its_own(everything):
    for field in fields(PostFields):
        made = field.default_factory() if field.default_factory is not MISSING else field.default
        assert getattr(everything, field.name) != made, field.name


def test_every_field_is_written(full, everything):
    assert said(full) == everything


# -- operations ------------------------------------------------------------------------------------
def test_every_field_survives_an_edit_of_the_text(full, everything, owner):
    text = {"subject": "고침", "source": "고친 글", "format": "html"}
    edit_post(post=full, by=owner, **text)
    assert said(full) == replace(everything, **text)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_can_be_edited(name, board, owner, everything):
    post = write_post(author=owner, board=board, subject="제목", source="<p>글</p>")
    text = {"subject": "제목", "source": "<p>글</p>"}
    edit_post(post=post, by=owner, **(text | {name: getattr(everything, name)}))
    assert getattr(said(post), name) == getattr(everything, name)


def test_every_field_survives_the_form(full, everything, as_owner):
    answer = as_owner.post(EDIT, open_form(as_owner, EDIT))
    assert answer.status_code == 302
    assert said(full) == everything


def test_every_field_is_in_the_form(full, everything, as_owner):
    form = open_form(as_owner, EDIT) | {"submission": [str(uuid.uuid4())]}
    assert as_owner.post("/free/write/", form).url == "/free/2/"
    assert said(Post.objects.get(number=2)) == everything


@pytest.mark.parametrize("level", ["link_level", "html_level"])
def test_fields_that_the_author_may_not_set_stay(level, full, everything, minji, as_minji):
    """A member may not pin a post, nor add links where the board does not allow it."""
    Board.objects.update(**{level: 9, "use_tags": False})
    Post.objects.update(author=minji)
    assert as_minji.post(EDIT, open_form(as_minji, EDIT)).status_code == 302
    assert said(full) == everything


def test_every_field_survives_in_a_draft(full, everything, as_owner):
    form = open_form(as_owner, EDIT)
    Post.objects.update(subject="그사이")
    opened = open_form(as_owner, as_owner.post(EDIT, form | {"draft": "1"}).url)
    assert {**opened, "csrfmiddlewaretoken": ""} == {**form, "csrfmiddlewaretoken": ""}
    assert as_owner.post(EDIT, opened).status_code == 302
    assert said(full) == everything


def test_every_field_is_copied(full, everything, other_board, owner):
    wanted = elsewhere(everything, other_board)
    copy = copy_post(post=full, board=other_board, by=owner)
    assert said(copy) == wanted


def test_every_field_survives_a_move(full, everything, other_board, owner):
    category = elsewhere(everything, other_board).category
    move_post(post=full, board=other_board, category=category, by=owner)
    assert said(full) == replace(
        everything, category=category, is_notice=False, is_site_notice=False
    )


def test_every_field_is_exported(full, everything, owner):
    row = next(iter(own_posts(owner)))
    assert {name: row[name] for name in NAMES} == vars(everything) | {
        "category": "여행",
        "links": [{"url": url, "name": "", "clicks": 0} for url in everything.links],
        "extras": [{"name": "지역", "value": "너울골"}],
        "poll": asdict(everything.poll),
    }


# -- duplicate submissions -------------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_differs_in_one_field_is_another_submission(name, everything):
    plain = PostFields(subject="제목", source="<p>글</p>")
    assert str(replace(plain, **{name: getattr(everything, name)})) != str(plain)
    assert str(plain) == str(replace(plain))


# -- blocked words ---------------------------------------------------------------------------------
LOOKED_THROUGH = {PostForm, CommentForm, VoteForm}
READ_BY_NO_READER = {
    "JudgementForm": "for the log of the moderators",
    "ModerationForm": "for the log of the moderators",
    "PasswordForm": "nobody reads it",
    "ReportForm": "for the moderators, who may have to read the very word",
    "ScrapForm": "for the member alone",
    "WordForm": "for the member alone",
}


def test_every_form_field_is_checked_or_listed_with_a_reason():
    there = vars(boards.forms).values()
    there = {each for each in there if isinstance(each, type) and issubclass(each, forms.Form)}
    assert {each.__name__ for each in there - LOOKED_THROUGH} == READ_BY_NO_READER.keys()


def texts_of(form: type[forms.Form]) -> list[str]:
    texts = (name for name, each in form.base_fields.items() if isinstance(each, forms.CharField))
    return sorted({*texts} - UNCHECKED.keys() - {"submission"})  # which is a UUID


@pytest.mark.parametrize("name", texts_of(PostForm))
def test_every_text_field_of_a_post_meets_the_blocked_words(name, as_guest, board):
    answer = refused(as_guest, board, "/free/write/", post_form(**guest_fields(**{name: "나쁜말"})))
    assert name in answer.context["form"].errors


@pytest.mark.parametrize("name", texts_of(CommentForm))
def test_every_text_field_of_a_comment_meets_the_blocked_words(name, as_guest, post, board):
    sent = comment_form(**guest_fields(**{name: "나쁜말"}))
    answer = refused(as_guest, board, "/free/1/comments/write/", sent)
    assert name in answer.context["form" if "form" in answer.context else "comment_form"].errors


def refused(browser, board: Board, address: str, sent: dict):
    Board.objects.filter(pk=board.pk).update(write_level=1, comment_level=1)
    BoardTexts.objects.create(board=board, blocked_words="나쁜말")
    answer = browser.post(address, sent)
    assert answer.status_code == 422
    return answer


def test_unchecked_fields_exist_and_have_a_reason():
    assert UNCHECKED.keys() <= PostForm.base_fields.keys()
    assert all(UNCHECKED.values())


# -- columns ---------------------------------------------------------------------------------------
COUNTED = "is counted again"
PLACE = "the place of the post itself, which gets a new one"
OF_POST = {
    # column: how it is treated, or the reason why it is not
    "id": PLACE,
    "board": "exported, in the admin; " + PLACE,
    "number": "in the admin; the address that is exported has it; " + PLACE,
    "category": "copied, exported, in the admin",
    "author": "copied, in the admin; exported is only what is the author's",
    "author_name": "copied, in the admin; exported is only what is the author's",
    "subject": "copied, exported, in the admin",
    "thread": PLACE,
    "path": PLACE,
    "thread_author": PLACE,
    "state": "exported, in the admin; only published posts are copied",
    "is_notice": "exported, in the admin; a copy is an ordinary post",
    "is_site_notice": "exported, in the admin; a copy is an ordinary post",
    "list_state": "generated by the database from state and the notices",
    "is_secret": "copied, exported, in the admin",
    "is_closed": "in the admin; a moderator's decision about this post",
    "created_at": "copied, exported as written_at, in the admin",
    "edited_at": "copied, exported, in the admin",
    "deleted_at": "in the admin; only published posts are copied",
    "view_count": "exported as views, in the admin; starts at zero",
    "view_rank": COUNTED,
    "comment_count": "exported as comments, in the admin; " + COUNTED,
    "like_count": "exported as likes, in the admin; starts at zero",
    "dislike_count": "in the admin; starts at zero, and is nobody's to have",
    "picture_count": "copied with the files, which are exported",
    "file_count": "copied with the files, which are exported",
    "link_count": "copied with the links, which are exported",
    "cover": "a picture of the copy is its own",
}
OF_BODY = {
    "post": PLACE,
    "format": "copied, exported",
    "source": "copied, exported",
    "origin": "copied; where the collector has it from",
    "html": "copied, exported, in the admin as text",
    "cleaner_version": "copied; says nothing without this program",
}
NO_SETTING = {
    "id": "the board itself",
    "post_count": "counted",
    "comment_count": "counted",
    "last_number": "handed out, never set",
    "deleted_at": "set by delete_board",
    "restored_at": "set by restore_board",
}
NOT_COPIED = {"group", "slug", "name", "description", "position"}  # they identify a board
"""Nothing of a board is exported: an export is a member's own."""


def columns(model) -> set[str]:
    return {each.name for each in model._meta.concrete_fields}


@pytest.mark.parametrize(("model", "listed"), [(Post, OF_POST), (PostBody, OF_BODY)])
def test_every_column_of_a_post_is_listed(model, listed):
    assert listed.keys() == columns(model)
    assert all(listed.values())


@pytest.mark.parametrize(("model", "listed"), [(Post, OF_POST), (PostBody, OF_BODY)])
def test_post_fields_are_exported_and_shown_in_the_admin(model, listed):
    for name in PostFields.columns_of(model):
        assert "exported" in listed[name], name
        assert "copied" in listed[name] or "a copy is" in listed[name], name
    if model is Post:
        shown = {name for name, what in listed.items() if "in the admin" in what}
        assert shown == columns(Post) & {*admin.site.get_model_admin(Post).fields}


def test_columns_listed_as_copied_are_copied(full, other_board, owner, everything):
    full.body.origin = "https://paper.example/1"
    full.body.save()
    elsewhere(everything, other_board)
    edited = edit_post(post=full, by=owner, subject=full.subject, source=full.body.source)
    copy = Post.objects.get(pk=copy_post(post=edited, board=other_board, by=owner).pk)
    same = {"category": str, "author": str}  # a category of the other board; the same member
    for rows, listed in ((lambda post: post, OF_POST), (lambda post: post.body, OF_BODY)):
        for name, what in listed.items():
            if what.startswith("copied"):
                as_it_is = same.get(name, lambda value: value)
                old, new = (as_it_is(getattr(rows(each), name)) for each in (edited, copy))
                assert old == new, name
                assert new or name.endswith("_count"), name


def test_columns_listed_as_exported_are_exported(full, owner):
    row = next(iter(own_posts(owner)))
    for listed in (OF_POST, OF_BODY):
        for name, what in listed.items():
            if "exported as " in what:
                name = what.partition("exported as ")[2].partition(",")[0].partition(";")[0]
            if "exported," in what or "exported;" in what or what.endswith("exported"):
                assert name in row or name in ("picture_count", "file_count", "link_count"), name


def test_every_column_of_a_board_is_in_the_admin():
    shown = [
        name
        for _label, options in admin.site.get_model_admin(Board).fieldsets
        for name in options["fields"]
    ]
    assert columns(Board) == {*shown, *NO_SETTING} - {"moderators"}


def test_every_setting_of_a_board_is_copied(board, other_board):
    copied = columns(Board) - NO_SETTING.keys() - NOT_COPIED
    for name in copied:
        setattr(board, name, another_value(Board._meta.get_field(name)))
    board.save()
    copy_settings(source=board, targets=[other_board], chosen=[each.name for each in SECTIONS])
    other_board.refresh_from_db()
    for name in copied:
        assert getattr(other_board, name) == getattr(board, name), name
    for name in NOT_COPIED - {"group"}:
        assert getattr(other_board, name) != getattr(board, name) or not getattr(board, name), name


def another_value(field: models.Field) -> object:
    """Return a value that is not the default."""
    if field.choices:
        return next(value for value, _label in field.choices if value != field.default)
    if isinstance(field, models.BooleanField):
        return not field.default
    return "x" if isinstance(field, models.CharField) else field.default + 1
