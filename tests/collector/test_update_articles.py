"""A changed article changes its post, which keeps what it said."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.extras import set_extra_values, set_tags
from boards.actions.managing import set_category, set_notice
from boards.actions.posts import add_link, delete_post, edit_post, hide_post
from boards.models import Category, ExtraField, Post
from collector.models import SeenEntry, Source
from tests.collector.conftest import OTHER_STORY, STORY, article_page, collect, item, subjects

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(source, paper):
    paper(item(1))
    collect(source)
    return Post.objects.get()


@pytest.fixture
def correct(source, paper):
    """The paper corrects its article, and it is collected."""

    def show(title="기사 1 (정정)", text="고친 앞부분입니다.", **fields) -> Post:
        paper(item(1, title=title, text=text, **fields))
        collect(source)
        return Post.objects.get()

    return show


def test_a_changed_article_changes_its_post_and_its_history_stays(posted, correct, client):
    post = correct()
    assert (post.pk, post.subject, post.number) == (posted.pk, "기사 1 (정정)", posted.number)
    assert post.created_at == posted.created_at
    page = client.get(post.get_absolute_url()).text
    assert "고친 앞부분입니다." in page
    assert "기사 1의 앞부분입니다." not in page
    revision = post.revisions.get()
    assert (revision.subject, revision.editor) == ("기사 1", post.author)
    assert "기사 1의 앞부분입니다." in revision.source


def test_case_68_an_edit_under_a_new_link_is_an_edit(posted, correct):
    post = correct(link="https://paper.example/moved/1?utm_source=feed")
    assert post.subject == "기사 1 (정정)"
    assert SeenEntry.objects.count() == 1


def test_an_article_that_stays_leaves_its_post_alone(posted, source, paper):
    now = timezone.now().strftime("%a, %d %b %Y %H:%M:%S GMT")
    paper(item(1, more=f"<pubDate>{now}</pubDate>"))
    collect(source)
    post = Post.objects.get()
    assert (post.edited_at, post.revisions.count()) == (None, 0)


def test_what_does_not_show_is_no_edit(posted, source, correct):
    Source.objects.update(shows=Source.Shows.TITLE)
    correct(title="기사 1")
    first = Post.objects.get().revisions.count()
    post = correct(title="기사 1", text="또 고친 앞부분")
    assert post.revisions.count() == first


def test_each_change_is_followed(posted, correct):
    correct()
    correct(title="기사 1 (두 번째 정정)")
    correct(title="기사 1")
    assert subjects() == ["기사 1"]
    assert Post.objects.get().revisions.count() == 3


def test_what_people_have_set_stays(posted, correct, owner, board):
    category = Category.objects.create(board=board, name="경제", position=1)
    set_category(post=posted, category=category, by=owner)
    set_notice(post=posted, is_notice=True, by=owner)
    set_tags(posted, ["버스", "요금"])
    place = ExtraField.objects.create(board=board, name="지역")
    set_extra_values(posted, {place: "너울골"})
    add_link(post=posted, url="https://hanbit.example/7", name="다른 곳: 한빛신문")
    post = correct()
    assert post.subject == "기사 1 (정정)"
    assert (post.category, post.is_notice) == (category, True)
    assert [each.tag.name for each in post.post_tags.order_by("pk")] == ["버스", "요금"]
    assert post.extra_values.get().value == "너울골"
    links = post.links.order_by("pk").values_list("url", "name")
    assert list(links) == [
        ("https://paper.example/news/1", ""),
        ("https://hanbit.example/7", "다른 곳: 한빛신문"),
    ]


def test_what_a_person_has_edited_is_his(posted, correct, owner):
    edit_post(post=posted, by=owner, subject="고친 제목", source="<p>고친 글</p>")
    assert correct().subject == "고친 제목"
    assert correct(title="또").subject == "고친 제목"


def test_what_a_person_edits_meanwhile_is_his(posted, correct, owner, monkeypatch):
    from collector.actions import posting

    copy_pictures = posting.copy_pictures

    def edit_meanwhile(source, entry, asker, **more):
        edit_post(post=posted, by=owner, subject="고친 제목", source="<p>고친 글</p>")
        return copy_pictures(source, entry, asker, **more)

    monkeypatch.setattr(posting, "copy_pictures", edit_meanwhile)
    assert correct().subject == "고친 제목"


@pytest.mark.parametrize("deed", [hide_post, delete_post])
def test_what_is_out_of_sight_is_left_alone(posted, correct, owner, deed):
    deed(post=posted, by=owner)
    assert correct().subject == "기사 1"


def test_what_is_posted_no_more_is_left_alone(posted, correct):
    posted.delete()
    with pytest.raises(Post.DoesNotExist):
        correct()


def test_after_a_week_nothing_is_followed(posted, correct):
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(days=8))
    assert correct().subject == "기사 1"


def test_old_rows_follow_from_what_they_show_now(posted, correct):
    SeenEntry.objects.update(content_key="")
    assert correct().subject == "기사 1"
    assert correct(title="기사 1 (다시 정정)").subject == "기사 1 (다시 정정)"


def test_watchers_hear_nothing_of_a_change(
    posted, correct, board, minji, django_capture_on_commit_callbacks
):
    from accounts.models import Notification
    from boards.actions.watching import watch_board

    watch_board(member=minji, board=board)
    with django_capture_on_commit_callbacks(execute=True):
        correct()
    assert not Notification.objects.exists()


def test_a_page_is_not_read_again_until_the_feed_says_something_new(source, paper):
    Source.objects.update(reads_pages=True, shows=Source.Shows.FULL)
    address = "https://paper.example/news/1"
    paper(item(1))
    paper.pages[address] = article_page("기사 1", STORY)
    collect(source)
    collect(source)
    assert [asked for asked, _etag in paper.asked].count(address) == 1
    paper.pages[address] = article_page("기사 1", OTHER_STORY)
    paper(item(1, text="고친 앞부분"))
    collect(source)
    assert [asked for asked, _etag in paper.asked].count(address) == 2
    assert "점박이물범" in Post.objects.get().body.html


def test_a_page_that_cannot_be_read_takes_nothing_away(source, paper):
    Source.objects.update(reads_pages=True, shows=Source.Shows.FULL)
    address = "https://paper.example/news/1"
    paper(item(1))
    paper.pages[address] = article_page("기사 1", STORY)
    collect(source)
    paper.pages[address] = 500
    paper(item(1, text="고친 앞부분"))
    collect(source)
    assert "시내버스" in Post.objects.get().body.html
