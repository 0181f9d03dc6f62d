"""Duplicate submissions write one post; forged fields are ignored."""

import uuid
from functools import partial

import pytest
from django.utils import timezone

from boards.actions import submissions
from boards.actions.posts import delete_post
from boards.actions.submissions import AGAIN
from boards.models import Comment, Post, Submission
from boards.repair import recount
from tests.boards.browsing import all_at_once, comment_form, document, post_form, read

WRITE = "/free/write/"


# -- duplicate submissions -------------------------------------------------------------------------
def test_ten_submissions_are_one_post(as_minji, board, minji):
    form = post_form()
    addresses = {as_minji.post(WRITE, form).url for _ in range(10)}
    board.refresh_from_db()
    minji.refresh_from_db()
    assert addresses == {"/free/1/"}
    assert (Post.objects.count(), board.post_count, minji.post_count) == (1, 1, 1)


def test_each_form_has_its_own_token(as_minji, board):
    tokens = {as_minji.get(WRITE).context["form"]["submission"].value() for _ in range(2)}
    assert len(tokens) == 2
    assert None not in tokens


def test_the_token_stays_while_the_form_is_corrected(as_minji, board):
    form = post_form(subject="")
    page = as_minji.post(WRITE, form).content.decode()
    assert f'name="submission" value="{form["submission"]}"' in page
    assert as_minji.post(WRITE, form | {"subject": "봄"}).url == "/free/1/"


@pytest.mark.parametrize(
    ("change", "posts"),
    [
        ({}, 1),
        ({"is_secret": "on"}, 2),
        ({"link1": "https://pado.kr"}, 2),
        ({"subject": "다른 글"}, 2),
    ],
)
def test_going_back_and_submitting_again_writes_one_post(change, posts, as_minji, board):
    """Browsers restore the text in a fresh form; changes made there must not be lost."""
    type(board).objects.update(secret_posts="optional")
    first = as_minji.post(WRITE, post_form()).url
    again = as_minji.post(WRITE, post_form(**change)).url
    assert Post.objects.count() == posts
    assert (again == first) == (posts == 1)


@pytest.mark.parametrize("change", [{"is_site_notice": "on"}, {"format": "text"}])
def test_a_form_that_differs_slightly_is_another_post(change, as_owner, board):
    form = post_form(is_notice="on")
    as_owner.post(WRITE, form)
    as_owner.post(WRITE, form | change)
    assert Post.objects.count() == 2


def test_a_file_added_after_going_back_is_not_lost(as_minji, board):
    as_minji.post(WRITE, post_form(files=[document()]))
    as_minji.post(WRITE, post_form(files=[document()]))
    assert Post.objects.count() == 1
    as_minji.post(WRITE, post_form(files=[document(), document("둘.txt")]))
    assert [post.file_count for post in Post.objects.order_by("pk")] == [1, 2]


def test_the_same_text_later_or_after_a_deletion_is_another_post(as_minji, board, minji):
    as_minji.post(WRITE, post_form())
    delete_post(post=Post.objects.get(), by=minji)
    as_minji.post(WRITE, post_form())
    assert Post.objects.published().count() == 1
    Submission.objects.update(created_at=timezone.now() - AGAIN)
    as_minji.post(WRITE, post_form())
    assert Post.objects.published().count() == 2


def test_another_text_with_the_same_token_is_another_post(as_minji, board):
    """The member went back to the form and wrote something new, which must not be lost."""
    form = post_form()
    for changes in ({}, {"subject": "새 제목"}, {"source": "<p>새 글</p>"}, {}):
        as_minji.post(WRITE, form | changes)
    assert Post.objects.count() == 3


def test_a_token_belongs_to_one_member(as_minji, as_junho, board):
    form = post_form()
    assert as_minji.post(WRITE, form).url != as_junho.post(WRITE, form).url
    assert Post.objects.count() == 2


def test_the_token_of_a_comment_form_makes_a_post(as_minji, post):
    token = str(uuid.uuid4())
    as_minji.post("/free/1/comments/write/", comment_form(submission=token))
    assert as_minji.post(WRITE, post_form(submission=token)).url == "/free/2/"
    assert (Comment.objects.count(), Post.objects.count()) == (1, 2)


def test_a_form_without_a_token_is_accepted_each_time(as_minji, board):
    for _ in range(2):
        as_minji.post(WRITE, post_form(submission=""))
    assert (Post.objects.count(), Submission.objects.count()) == (2, 0)


def test_ten_submissions_at_once_are_one_post(side_by_side, log_in, minji, board):
    """Case 76."""
    form = post_form()
    browsers = [log_in(minji) for _ in range(10)]
    answers = all_at_once([lambda each=each: each.post(WRITE, form) for each in browsers])
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {
        (302, "/free/1/")
    }
    assert Post.objects.count() == 1
    assert recount(repairs=False) == []


def test_simultaneous_posts_get_different_numbers(side_by_side, log_in, minji, junho, board):
    """Case 77."""
    browsers = [log_in(member) for member in (minji, junho) * 4]
    answers = all_at_once(
        [
            partial(each.post, WRITE, post_form(subject=f"글 {number}"))
            for number, each in enumerate(browsers)
        ]
    )
    assert {answer.url for answer in answers} == {f"/free/{number}/" for number in range(1, 9)}
    assert recount(repairs=False) == []


# -- forged fields ---------------------------------------------------------------------------------
@pytest.mark.parametrize("submission", ["x", "1" * 31, "'; --", "1\0"])
def test_an_invalid_token_counts_as_none(submission, as_minji, board):
    assert as_minji.post(WRITE, post_form(submission=submission)).status_code == 302
    assert (Post.objects.count(), Submission.objects.count()) == (1, 0)


@pytest.mark.parametrize("format", ["", "markdown", "HTML", "html\0", "text "])
def test_a_body_is_html_or_text(format, as_minji, board):
    answer = as_minji.post(WRITE, post_form(format=format, source="<b>남아 있을 글</b>"))
    assert (answer.status_code, Post.objects.count()) == (422, 0)
    assert "남아 있을 글" in answer.content.decode()


def test_unknown_fields_are_ignored(as_minji, as_guest, minji, owner, other_board, board):
    forged = {
        "board": other_board.pk,
        "author": owner.pk,
        "author_name": "운영자",
        "number": 77,
        "state": "hidden",
        "view_count": 1000,
        "like_count": 1000,
        "created_at": "2001-01-01",
        "html": "<script>alert(1)</script>",
    }
    assert as_minji.post(WRITE, post_form(**forged)).url == "/free/1/"
    post = Post.objects.get()
    assert (post.board, post.author, post.author_name) == (board, minji, "민지")
    assert (post.view_count, post.like_count, post.is_published) == (0, 0, True)
    assert post.created_at.year > 2001
    assert "alert(1)" not in read(as_guest, "/free/1/")


def test_a_repeated_field_uses_the_last_value(as_minji, board):
    answer = as_minji.post(WRITE, post_form(subject=["첫 제목", "둘째 제목"]))
    assert answer.status_code == 302
    assert Post.objects.get().subject == "둘째 제목"


def test_a_submission_is_retried_when_its_duplicate_is_deleted_meanwhile(
    monkeypatch, as_minji, post
):
    """The insert conflicts with the submission of a comment that was deleted before it could be
    read.
    """
    tries, claim = [], submissions._claim

    def unlucky(*arguments):
        tries.append(arguments)
        return len(tries) > 1 and claim(*arguments)

    monkeypatch.setattr(submissions, "_claim", unlucky)
    as_minji.post("/free/1/comments/write/", comment_form())
    assert (len(tries), Comment.objects.count()) == (2, 1)
