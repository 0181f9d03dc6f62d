"""A filled site is one that the site itself could have become."""

import pytest
from django.contrib.auth.models import AnonymousUser

from bench.corpus import Corpus
from bench.filling import Filling
from boards import search
from boards.actions.indexing import comment_document, post_document
from boards.models import Board, Comment, Post
from boards.repair import recount

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(side_by_side):
    *_, rows = Filling(300, seed=7).run()
    return rows


def test_its_counts_and_its_search_are_true(filled, client):
    assert recount(mend=False) == []
    post = Post.objects.searchable().select_related("body").first()
    search.posts.remove(post_document(post, post.body.html))
    search.posts.add(post_document(post, post.body.html))  # the very pieces: nothing is left of it
    comment = Comment.objects.searchable().select_related("post").first()
    document = comment_document(comment, comment.post.board_id)
    assert comment.pk in search.comments.find(search.ask(comment.text.split()[-1]), limit=1_000)
    with pytest.raises(Exception, match=r"already|duplicate"):
        search.comments.add(document)


def test_its_pages_are_there(filled, client):
    board = Board.objects.get(slug="large")
    assert client.get("/large/").status_code == 200
    post = board.posts.visible_to(AnonymousUser()).last()
    page = client.get(post.get_absolute_url())
    assert page.status_code == 200
    assert post.subject in page.text
    found = client.get("/search/", {"q": post.subject.split()[0]}).text
    assert post.get_absolute_url() in found


def test_it_counts_what_it_writes(filled):
    assert filled > 300 * 2 + Comment.objects.count()


def test_the_same_seed_says_the_same():
    one, other, third = Corpus(1), Corpus(1), Corpus(2)
    assert one.sentences[:50] == other.sentences[:50] != third.sentences[:50]


def test_words_are_as_unequal_as_in_real_text():
    words = " ".join(Corpus().sentences)
    corpus = Corpus()
    assert words.count(corpus.words[0]) > 20 * words.count(corpus.words[200]) > 0
