"""A changed article updates its post, which keeps the old version."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.extras import set_extra_values, set_tags
from boards.actions.links import add_link
from boards.actions.posts import delete_post, edit_post, hide_post
from boards.models import Category, ExtraField, Post
from boards.queries.post_fields import PostFields
from collector.models import SeenEntry, Source
from tests.boards.moderating import set_category, set_notice
from tests.collector.conftest import (
    OTHER_STORY,
    STORY,
    article_page,
    collect,
    item,
    list_page,
    subjects,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted(source, paper):
    paper(item(1))
    collect(source)
    return Post.objects.get()


@pytest.fixture
def correct(source, paper):
    """Changes the article in the feed and collects it."""

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


def test_an_invisible_change_is_no_edit(posted, source, correct):
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


def test_settings_made_by_people_stay(posted, correct, owner, board):
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


def test_every_field_but_the_text_survives(posted, correct, source, everything):
    edit_post(post=posted, by=source.member, **vars(everything))
    now = PostFields.of(correct())
    text = {"subject": now.subject, "source": now.source, "format": "html"}
    assert now.subject == "기사 1 (정정)"
    assert now == replace(everything, **text)


def test_a_post_edited_by_a_person_is_left_alone(posted, correct, owner):
    edit_post(post=posted, by=owner, subject="고친 제목", source="<p>고친 글</p>")
    assert correct().subject == "고친 제목"
    assert correct(title="또").subject == "고친 제목"


def test_a_post_edited_meanwhile_by_a_person_is_left_alone(posted, correct, owner, monkeypatch):
    from collector.actions import posting

    copy_pictures = posting.copy_pictures

    def edit_meanwhile(source, entry, fetcher, **more):
        edit_post(post=posted, by=owner, subject="고친 제목", source="<p>고친 글</p>")
        return copy_pictures(source, entry, fetcher, **more)

    monkeypatch.setattr(posting, "copy_pictures", edit_meanwhile)
    assert correct().subject == "고친 제목"


@pytest.mark.parametrize("action", [hide_post, delete_post])
def test_an_invisible_post_is_left_alone(posted, correct, owner, action):
    action(post=posted, by=owner)
    assert correct().subject == "기사 1"


def test_a_purged_post_is_left_alone(posted, correct):
    posted.delete()
    with pytest.raises(Post.DoesNotExist):
        correct()


def test_after_a_week_nothing_is_followed(posted, correct):
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(days=8))
    assert correct().subject == "기사 1"


def test_old_rows_follow_later_changes(posted, correct):
    SeenEntry.objects.update(content_key="")
    assert correct().subject == "기사 1"
    assert correct(title="기사 1 (다시 정정)").subject == "기사 1 (다시 정정)"


def test_watchers_are_not_notified_of_a_change(
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


def test_an_unreadable_page_removes_nothing(source, paper):
    Source.objects.update(reads_pages=True, shows=Source.Shows.FULL)
    address = "https://paper.example/news/1"
    paper(item(1))
    paper.pages[address] = article_page("기사 1", STORY)
    collect(source)
    paper.pages[address] = 500
    paper(item(1, text="고친 앞부분"))
    collect(source)
    assert "시내버스" in Post.objects.get().body.html


# -- Corrections on the article's page alone -------------------------------------------------------
ADDRESS = "https://paper.example/news/1"


@pytest.fixture
def with_page(source, paper):
    """An article whose text is on its own page and not in the feed."""
    Source.objects.update(reads_pages=True, shows=Source.Shows.FULL)
    paper(item(1, title="버스 요금 인상", more="<author>김하늘</author>"))
    paper.pages[ADDRESS] = article_page("버스 요금 인상", STORY)
    collect(source)
    return Post.objects.get()


@pytest.fixture
def correct_page(source, paper):
    """A day later the page has changed or returns a status, and the feed is the same."""

    def show(page: str | int) -> Post:
        paper.pages[ADDRESS] = page
        a_day_later()
        collect(source)
        return Post.objects.earliest("pk")

    return show


def a_day_later() -> None:
    for seen in SeenEntry.objects.all():
        seen.seen_at -= timedelta(days=1)
        seen.checked_at = seen.checked_at and seen.checked_at - timedelta(days=1)
        seen.save()


def corrected(text: str = STORY) -> str:
    return article_page("버스 요금 인상", text.replace("이백 원", "삼백 원"))


def test_a_correction_on_the_page_alone_changes_the_post(with_page, correct_page, client):
    post = correct_page(corrected())
    page = client.get(post.get_absolute_url()).text
    assert "삼백 원" in page
    assert "이백 원" not in page
    assert (post.subject, "김하늘" in page) == ("버스 요금 인상", True)
    revision = post.revisions.get()
    assert (revision.editor, "이백 원" in revision.source) == (post.author, True)


def test_a_headline_that_the_page_alone_corrects_is_followed(with_page, correct_page):
    assert (
        correct_page(article_page("버스 요금 삼백 원 인상", STORY)).subject
        == "버스 요금 삼백 원 인상"
    )


def test_a_page_that_says_the_same_changes_nothing(with_page, correct_page, source, paper):
    """Also if the title in the feed differs from the page's."""
    paper(item(2, link=ADDRESS + "2", title="피드의 제목"))
    paper.pages[ADDRESS + "2"] = article_page("페이지의 제목", OTHER_STORY)
    collect(source)
    correct_page(article_page("버스 요금 인상", STORY, head="<meta name=x content=y>"))
    assert [post.subject for post in Post.objects.order_by("pk")][1] == "피드의 제목"
    assert not any(post.revisions.exists() for post in Post.objects.all())


def test_each_correction_is_followed_once(with_page, correct_page):
    correct_page(corrected())
    assert correct_page(corrected()).revisions.count() == 1
    assert correct_page(article_page("버스 요금 인상", STORY)).revisions.count() == 2


def test_pages_of_a_listing_are_followed(listing, paper):
    address = "https://wave.example/news/1"
    paper.pages[listing.address] = list_page(1)
    paper.pages[address] = article_page("물결 소식", STORY)
    collect(listing)
    paper.pages[address] = article_page("물결 소식(정정)", STORY.replace("이백 원", "삼백 원"))
    a_day_later()
    collect(listing)
    post = Post.objects.select_related("body").get()
    assert (post.subject, "삼백 원" in post.body.html) == ("물결 소식(정정)", True)


def test_pages_are_followed_where_posts_are_kept_when_the_article_goes(
    with_page, correct_page, source
):
    Source.objects.update(when_gone=Source.WhenGone.KEEP)
    assert "삼백 원" in correct_page(corrected()).body.html
    assert correct_page(410).is_published


@pytest.mark.parametrize(
    "answer", [404, 500, "<!doctype html><title>점검 중</title><p>점검 중입니다.", "\0" * 1000]
)
def test_a_page_without_an_article_removes_nothing(with_page, correct_page, answer):
    post = correct_page(answer)
    assert (post.subject, "이백 원" in post.body.html) == ("버스 요금 인상", True)


def test_a_page_does_not_overwrite_the_text_of_a_person(with_page, correct_page, owner):
    edit_post(post=with_page, by=owner, subject="운영자의 제목", source="<p>운영자의 글</p>")
    assert correct_page(corrected()).subject == "운영자의 제목"


def test_pages_are_followed_for_a_week(with_page, correct_page):
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(days=7))
    assert "이백 원" in correct_page(corrected()).body.html


def test_a_page_is_not_followed_if_the_text_is_the_feeds(source, paper):
    """The feed has more text than the page, which is behind a paywall."""
    Source.objects.update(reads_pages=True, shows=Source.Shows.FULL)
    paper(item(1, text=STORY))
    paper.pages[ADDRESS] = article_page("기사 1", STORY[:150])
    collect(source)
    a_day_later()
    paper.pages[ADDRESS] = article_page("기사 1", "구독자만 읽을 수 있는 기사입니다. " * 4)
    collect(source)
    assert "전기 버스" in Post.objects.get().body.html


def test_an_error_of_ours_in_one_page_stops_no_other(with_page, correct_page, source, monkeypatch):
    def fail(*args, **kwargs):
        raise ValueError

    with monkeypatch.context() as broken:
        broken.setattr("collector.actions.withdrawing.update_post", fail)
        correct_page(corrected())
        source.refresh_from_db()
        assert source.error == ""
    assert "삼백 원" in correct_page(corrected()).body.html
