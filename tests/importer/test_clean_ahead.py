"""A second process cleans the texts of an import. It changes nothing of what is imported, and ends with the first."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from boards import search
from boards.models import Comment, Post
from boards.search.documents import Document
from importer.actions import ahead
from importer.actions.ahead import cleaned_ahead
from importer.reading.cleaning import Text, clean, rendered
from tests.importer.conftest import OWN_BOARDS, move

ROOT = Path(__file__).parent.parent.parent


def texts_of(*sources: str) -> list[Text]:
    return [Text(each, "html", Document(1, 2, 3, "민지", "제목", "")) for each in sources]


@pytest.fixture
def always(monkeypatch):
    """Also for the few rows of a test."""
    monkeypatch.setattr(ahead, "FEW", 1)


@pytest.mark.any_database
def test_texts_are_cleaned_while_the_caller_works(always):
    batches = [texts_of("<p>하나<script>x</script>", "둘"), [], texts_of("<b>셋")]
    read = []

    def reading():
        for place, texts in enumerate(batches):
            read.append(place)
            yield place, texts

    seen = []
    for place, cleaned in cleaned_ahead(reading()):
        assert read[-1] == min(place + 1, 2)  # not further ahead
        assert list(cleaned) == list(map(clean, batches[place]))
        seen.append(place)
    assert seen == [0, 1, 2]


@pytest.mark.any_database
def test_the_caller_cleans_few_texts():
    texts = texts_of("하나")
    assert list(cleaned_ahead([("batch", texts)])) == [("batch", [None])]


@pytest.mark.any_database
def test_the_caller_cleans_a_batch_that_fails(always):
    """It knows the row of the text that fails."""
    broken = [*texts_of("하나"), Text(None, "html", texts_of("")[0].document)]  # type: ignore[arg-type]
    batches = [("broken", broken), ("whole", texts_of("둘"))]
    found = list(cleaned_ahead(batches))
    assert found == [("broken", [None, None]), ("whole", list(map(clean, texts_of("둘"))))]


@pytest.mark.any_database
def test_the_caller_goes_on_alone_if_the_second_process_is_killed(always):
    found = []
    for place, cleaned in cleaned_ahead((place, texts_of("하나")) for place in range(5)):
        found.append(cleaned)
        if place == 0:
            (second,) = multiprocessing.active_children()
            second.kill()
            second.join(60)
    assert found[0] == [clean(texts_of("하나")[0])]
    assert found[-1] == [None]
    assert len(found) == 5


def test_an_import_with_two_processes(db, old, always, monkeypatch):
    started = []
    start = ahead.ProcessPoolExecutor

    def starting(*arguments, **words):
        started.append(words)
        return start(*arguments, **words)

    monkeypatch.setattr(ahead, "ProcessPoolExecutor", starting)
    move(old)
    assert len(started) == 2  # for the posts, and for the comments
    posts = Post.objects.exclude(board__slug__in=OWN_BOARDS).select_related("body")
    for post in posts:
        assert post.body.html == rendered(post.body.source, post.body.format)
        question = search.ask(post.subject, opened_by=None)
        assert not question.clauses or post.pk in search.posts.find(question, limit=100)
    comments = Comment.objects.exclude(post__board__slug__in=OWN_BOARDS)
    for comment in comments:
        assert comment.html == rendered(comment.text, "text")
    assert len(posts) > 30
    assert len(comments) == 20


LONG = """
from importer.actions import ahead
from importer.reading.cleaning import Text
from boards.search.documents import Document

texts = [Text("하나 둘 셋 " * 1_000, "text", Document(1, 2, 3, "", "", ""))] * 200
for _batch in ahead.cleaned_ahead((place, texts) for place in range(10_000)):
    print("cleaned", flush=True)
"""


@pytest.mark.any_database
def test_the_second_process_ends_with_the_first():
    """Even if that is killed. It holds the pipe open as long as it lives."""
    process = subprocess.Popen(
        [sys.executable, "-c", LONG],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "boardsite.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "cleaned\n"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
