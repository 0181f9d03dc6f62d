"""bench.filling creates a site that could have come about by normal use."""

import random

import pytest

from bench.corpus import Corpus, corpus_of
from bench.filling import Filling
from boards import search
from boards.actions.indexing import comment_document, post_document
from boards.models import Comment, Post
from boards.repair import recount
from boardsite.caching import versions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def filled(side_by_side):
    *_, rows = Filling(300, seed=7).run()
    return rows


def test_its_counters_and_its_search_index_are_correct(filled):
    assert filled > 300 * 2 + Comment.objects.count()
    assert recount(repairs=False) == []
    post = Post.objects.published().select_related("body").first()
    search.posts.remove(post_document(post, post.body.html))
    search.posts.add(post_document(post, post.body.html))  # exactly these tokens: nothing is left
    comment = Comment.objects.searchable().select_related("post").first()
    document = comment_document(comment, comment.post.board_id)
    assert comment.pk in search.comments.find(search.ask(comment.text.split()[-1]), limit=1_000)
    with pytest.raises(Exception, match=r"already|duplicate"):
        search.comments.add(document)


@pytest.mark.postgres
def test_its_index_is_the_one_that_the_site_would_write(filled):
    posts = Post.objects.published().select_related("body")
    documents = [post_document(post, post.body.html) for post in posts]
    comments = Comment.objects.searchable().select_related("post")
    for index, wanted in (
        (search.posts, documents),
        (search.comments, [comment_document(each, each.post.board_id) for each in comments]),
    ):
        assert index.renew(wanted, {document.id for document in wanted}) == 0


def test_later_writes_increment_versions(filled):
    post = Post.objects.published().first()
    with versions.reading() as before:
        seen = before.of(post.board_id)
    Post.objects.filter(pk=post.pk).update(subject="다른 제목")
    with versions.reading() as after:
        assert after.of(post.board_id) != seen


def test_the_same_seed_gives_the_same_texts():
    one, other, third = ((Corpus(seed), random.Random(5)) for seed in (1, 1, 2))
    said = [[corpus.sentence(rng) for _ in range(50)] for corpus, rng in (one, other, third)]
    assert said[0] == said[1] != said[2]


def test_word_frequencies_are_like_those_of_real_text():
    corpus = corpus_of(7)
    words = " ".join(corpus.sentences)
    assert words.count(corpus.words[0]) > 20 * words.count(corpus.words[200]) > 0
