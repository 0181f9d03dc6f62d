"""A compiled queryset returns the same instances as the ORM, including joined ones."""

import pytest
from django.db import models

from accounts.models import Member
from boards.actions.comments import write_comment
from boards.actions.guests import Guest
from boards.actions.posts import write_post
from boards.models import Category, Post
from boards.rows import for_rows
from boardsite.databases.compiled import Compiled, Slot, part_of
from boardsite.databases.loading import LoadedDirectly

NUMBER = models.BigIntegerField()


def everything(instance: models.Model | None) -> dict | None:
    """The attributes of an instance and of those joined to it."""
    if instance is None:
        return None
    known = {key: value for key, value in vars(instance).items() if key != "_state"}
    joined = {
        name: everything(other)
        for name, other in instance._state.fields_cache.items()
        if name != "post"  # the reverse reference from a body to its post
    }
    return known | {"joined": joined, "state": (instance._state.adding, instance._state.db)}


@pytest.fixture
def posts(board, minji, junho):
    category = Category.objects.create(board=board, name="질문")
    first = write_post(author=minji, board=board, subject="하나", source="<p>하나</p>")
    write_post(author=junho, board=board, subject="둘", source="둘", category=category)
    write_post(author=minji, board=board, subject="셋", source="셋", is_secret=True)
    write_post(author=None, guest=Guest("손님", "1234"), board=board, subject="넷", source="넷")
    write_comment(author=junho, post=first, text="댓글")
    return board.posts.order_by("-id")


def test_it_returns_what_the_orm_returns(board, posts):
    joined = "board__group", "board__texts", "author", "category", "body", "cover", "guest_password"
    has_comments = models.Exists(Post.objects.filter(pk=models.OuterRef("pk"), comment_count__gt=0))

    def whole(board) -> models.QuerySet[Post]:
        found = Post.objects.filter(board=board, state="published").select_related(*joined)
        return found.annotate(has_comments=has_comments).order_by("-id")

    def lines(board) -> models.QuerySet[Post]:
        return for_rows(Post.objects.filter(board=board)).order_by("-id")

    for query in (whole, lines):
        compiled = Compiled(lambda query=query: query(Slot("board", NUMBER)))
        for _ in range(2):  # the first call compiles, the second reuses
            found = compiled(board=board.pk)
            assert len(found) == 4
            assert list(map(everything, found)) == list(map(everything, query(board.pk)))
        assert compiled(board=0) == []
        assert compiled.first(board=board.pk) == posts[0]


def test_deferred_fields_are_loaded_when_needed(board, posts, django_assert_num_queries):
    lines = Compiled(lambda: for_rows(Post.objects.filter(board=Slot("board", NUMBER))))
    found = lines(board=board.pk)[0]
    with django_assert_num_queries(0):
        assert found.author.username == "minji"
    with django_assert_num_queries(1):
        assert found.like_count == found.dislike_count == 0
    found.subject = "다른 제목"
    found.save(update_fields=["subject"])
    assert Post.objects.get(pk=found.pk).subject == "다른 제목"


def test_part_of(board, posts):
    part = Compiled(
        lambda: Post.objects.filter(
            pk__in=part_of(
                Post.objects.filter(board=Slot("board", NUMBER)).order_by("-id"),
                Slot("limit", NUMBER),
                Slot("offset", NUMBER),
            )
        ).order_by("-id")
    )
    assert part(board=board.pk, limit=2, offset=1) == list(posts[1:3])
    assert part(board=board.pk, limit=5, offset=3) == list(posts[3:])


def test_skipping_constructors_and_signals_is_safe():
    models_of_pages = LoadedDirectly.__subclasses__()
    assert {Post, Member} <= set(models_of_pages)
    for model in models_of_pages:
        assert model.__init__ is models.Model.__init__
        for signal in (models.signals.pre_init, models.signals.post_init):
            assert not signal.has_listeners(model)
