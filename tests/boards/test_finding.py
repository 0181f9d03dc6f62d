"""Every view that finds a post by its address checks that the visitor may read it."""

import ast

import pytest
from django.urls import reverse

from boards.actions.posts import edit_post
from boards.models import Board
from tests.boards.browsing import comment_form
from tests.sources import parsed_sources

HERE = ["free", 1]
ADDRESSES = {
    "read_post": "get",
    "edit_post": "get",
    "reply_post": "get",
    "delete_post": "get",
    "show_history": "get",
    "follow_link": "get",
    "scrap_post": "get",
    "report_post": "get",
    "pay_post": "post",
    "vote_post": "post",
    "write_comment": "post",
    "edit_comment": "get",
    "delete_comment": "get",
    "vote_comment": "post",
    "report_comment": "get",
    "unlock_post": "get",
    "unlock_comment": "get",
}
FIND_ONLY = {
    # These answer a refused visitor in their own way: a password form, a redirect, a message for a
    # script.
    "boards/views/posts.py": {"read_post", "edit_post", "delete_post"},
    "boards/views/reply_posts.py": {"reply_post"},
    "boards/views/unlocking.py": {"unlock_post"},
    "boards/views/drafts.py": {"_target"},
    "boards/views/finding.py": {"readable_post"},
}


def address_of(name: str, comment) -> str:
    more = {"follow_link": [1]}.get(name, [comment.pk] if name.endswith("_comment") else [])
    return reverse(name, args=HERE + (more if name != "write_comment" else []))


@pytest.mark.any_database
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_secret_post_is_refused_to_others(name, as_junho, comment, minji, board):
    Board.objects.update(secret_posts=Board.Secret.OPTIONAL)
    text = {"subject": "비밀", "source": "<p>비밀</p>"}
    edit_post(post=comment.post, by=minji, is_secret=True, links=["https://pado.kr/"], **text)
    answer = getattr(as_junho, ADDRESSES[name])(address_of(name, comment), comment_form(value="1"))
    assert answer.status_code == 403


@pytest.mark.any_database
@pytest.mark.parametrize("name", ADDRESSES)
def test_a_closed_board_is_refused(name, as_junho, comment, board):
    Board.objects.update(read_level=9)
    answer = getattr(as_junho, ADDRESSES[name])(address_of(name, comment), comment_form(value="1"))
    assert answer.status_code == 403


def test_views_find_and_check_a_post_in_one_call():
    found = {}
    for path, tree in parsed_sources():
        if path.as_posix().startswith("boards/views/"):
            names = {
                function.name
                for function in ast.walk(tree)
                if isinstance(function, ast.FunctionDef)
                and any(
                    isinstance(call, ast.Call) and ast.unparse(call.func) == "find_post"
                    for call in ast.walk(function)
                )
            }
            if names:
                found[path.as_posix()] = names
    assert found == FIND_ONLY
