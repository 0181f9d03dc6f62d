"""An article is posted once: under any name, by any number of collectors, despite kills."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from boards.models import Attachment, Post
from collector.actions import collecting, posting
from collector.actions.collecting import claim, collect_source
from collector.actions.taking_down import take_down
from collector.models import SeenEntry, Source
from tests.boards.browsing import all_at_once
from tests.collector.conftest import (
    OTHER_STORY,
    STORY,
    article_page,
    collect,
    item,
    list_page,
    subjects,
)
from tests.crowd import picture_upload

pytestmark = pytest.mark.django_db


# -- whatever it is called -------------------------------------------------------------------------
def test_case_68_the_same_guid_under_a_new_link_is_one_post(source, paper):
    paper(item(1))
    collect(source)
    paper(item(1, link="https://paper.example/other/1"))
    collect(source)
    assert subjects() == ["기사 1"]


def test_case_68_a_link_with_tracking_parameters_is_the_same_link(source, paper):
    paper(item(1, guid="a"))
    collect(source)
    link = "https://paper.example/news/1?utm_source=rss&amp;fbclid=x#top"
    paper(item(1, guid="b", link=link))
    collect(source)
    assert subjects() == ["기사 1"]


def test_case_68_the_same_address_in_two_sources_is_one_post(source, other, paper):
    paper(item(1, link="https://paper.example/news/1?utm_source=a"))
    collect(source)
    paper(item(1, guid="another", link="https://paper.example/news/1?utm_source=b"))
    collect(other)
    assert subjects() == ["기사 1"]
    assert not SeenEntry.objects.filter(is_also=True).exists()


def test_case_68_the_same_text_on_another_host_is_one_post(source, other, paper):
    paper(item(1, text=STORY))
    collect(source)
    paper(item(1, guid="b", link="https://hanbit.example/news/9", text=STORY))
    collect(other)
    assert subjects() == ["기사 1"]


def test_case_68_the_canonical_address_of_the_page_counts(source, other, paper):
    Source.objects.update(reads_pages=True)
    head = '<link rel="canonical" href="/news/1">'
    for host, of in (("paper", source), ("paper", other)):
        link = f"https://{host}.example/view.php?no=1&amp;from={of.pk}"
        paper(item(1, guid=f"by-{of.pk}", link=link))
        paper.pages[link.replace("&amp;", "&")] = article_page("기사 1", STORY, head=head)
        collect(of)
    assert subjects() == ["기사 1"]
    assert not SeenEntry.objects.filter(is_also=True).exists()
    assert SeenEntry.objects.get(post__isnull=False).address == "https://paper.example/news/1"


def test_a_site_with_one_canonical_address_for_all_pages_loses_none(source, paper):
    Source.objects.update(reads_pages=True)
    head = '<link rel="canonical" href="https://paper.example/news">'
    for number, text in ((1, STORY), (2, OTHER_STORY)):
        address = f"https://paper.example/news/{number}"
        paper.pages[address] = article_page(f"기사 {number}", text, head=head)
    paper(item(2), item(1))
    collect(source)
    assert subjects() == ["기사 1", "기사 2"]


def test_a_purged_article_is_not_posted_again(source, paper):
    paper(item(1))
    collect(source)
    Post.objects.get().delete()
    collect(source)
    assert subjects() == []


# -- Collectors at once -----------------------------------------------------------------------------
def test_only_one_of_two_collectors_claims_a_source(side_by_side, source):
    assert sorted(all_at_once([lambda: claim(source)] * 4)) == [False, False, False, True]


def test_two_collectors_of_one_source_post_each_article_once(side_by_side, source, paper):
    """As if the claim of one had expired while it was running."""
    paper(*(item(number) for number in range(5)))
    both = [Source.objects.get(pk=source.pk) for _ in range(2)]
    counts = all_at_once([lambda each=each: collect_source(each) for each in both])
    assert sorted(subjects()) == [f"기사 {number}" for number in range(5)]
    assert sum(counts) == 5


def test_two_collectors_of_two_sources_post_one_address_once(side_by_side, source, other, paper):
    paper(item(1), item(2), item(3))
    all_at_once([lambda each=each: collect_source(each) for each in (source, other)])
    assert sorted(subjects()) == ["기사 1", "기사 2", "기사 3"]


def test_two_collectors_of_two_papers_post_one_story_once(side_by_side, source, other, paper):
    feeds = {
        source.address: [item(1, text=STORY), item(2, text=OTHER_STORY)],
        other.address: [
            item(1, text=STORY, link="https://hanbit.example/1"),
            item(2, text=OTHER_STORY, link="https://hanbit.example/2"),
        ],
    }
    for address, items in feeds.items():
        paper(*items)
        paper.pages[address] = paper.feed
    all_at_once([lambda each=each: collect_source(each) for each in (source, other)])
    assert sorted(subjects()) == ["기사 1", "기사 2"]
    assert SeenEntry.objects.filter(is_also=True).count() == 2


def test_two_collectors_change_a_post_once(side_by_side, source, paper):
    paper(item(1))
    collect_source(source)
    paper(item(1, text="고친 앞부분"))
    both = [Source.objects.get(pk=source.pk) for _ in range(2)]
    all_at_once([lambda each=each: collect_source(each) for each in both])
    assert Post.objects.get().revisions.count() == 1


def test_a_page_that_was_waited_for_is_posted_once(side_by_side, listing, paper):
    paper.pages |= {listing.address: list_page(1), "https://wave.example/news/1": 500}
    collect_source(listing)
    assert SeenEntry.objects.get().is_waiting
    paper.pages["https://wave.example/news/1"] = article_page("물결 소식 1", STORY)
    both = [Source.objects.get(pk=listing.pk) for _ in range(2)]
    all_at_once([lambda each=each: collect_source(each) for each in both])
    assert subjects() == ["물결 소식 1"]
    assert not SeenEntry.objects.get().is_waiting


# -- whenever one is killed ------------------------------------------------------------------------
STEPS = [
    (collecting, "choose"),
    (collecting, "mark_skipped"),
    (collecting, "read_page"),
    (collecting, "post_entry"),
    (collecting, "update_post"),
    (collecting, "look_again"),
    (posting, "copy_pictures"),
    (posting, "wait_for_turn"),
    (posting, "extend_claim"),
    (posting, "write_post"),
    (posting, "join_story"),
    (posting, "edit_post"),
    (SeenEntry, "save"),
]


@pytest.fixture
def shown(source, other, paper):
    """Four articles with pictures; one is another paper's story, and one has changed."""
    fields = {"shows": Source.Shows.FULL, "pictures": Source.Pictures.COPY, "first_posts": 3}
    Source.objects.update(**fields)
    picture = "&lt;img src='https://paper.example/photo/{}.png'&gt;"
    for number in range(5):
        address = f"https://paper.example/photo/{number}.png"
        paper.pages[address] = picture_upload(size=(40, 30 + number)).read()
    paper(item(9, text=STORY, link="https://hanbit.example/9"))
    collect(other)
    paper(item(0, text=picture.format(0)))
    collect(source)
    items = [item(n, text=f"글 {n}" + picture.format(n)) for n in (1, 2, 3)]
    paper(*items, item(4, text=STORY), item(0, text="고친 글" + picture.format(0)))
    return {"기사 9", "기사 0", "기사 1", "기사 2", "기사 3"}


def is_whole() -> bool:
    """Whether each post of the collector has its row, and each row its post, links and pictures."""
    entries = SeenEntry.objects.filter(post__isnull=False)
    own = entries.filter(is_also=False).values_list("post", flat=True)
    also = entries.filter(is_also=True)
    held = Attachment.objects.filter(post__isnull=False)
    return (
        sorted(own) == sorted(Post.objects.values_list("pk", flat=True))
        and not SeenEntry.objects.exclude(address_key="").filter(post=None).exists()
        and all(each.post.links.filter(url=each.address).exists() for each in also)
        and all(each.url in each.post.body.html for each in held)
        and not re.findall(r'src="http', "".join(Post.objects.values_list("body__html", flat=True)))
    )


@pytest.mark.parametrize(("where", "step"), STEPS, ids=[step for _where, step in STEPS])
@pytest.mark.parametrize(("when", "is_done"), [(1, True), (3, False)], ids=["after", "before"])
def test_a_run_that_is_killed_leaves_nothing_half_done_and_goes_on(
    source, paper, shown, monkeypatch, where, step, when, is_done
):
    true, calls = getattr(where, step), []

    def die(*args, **kwargs):
        calls.append(step)
        answer = true(*args, **kwargs) if is_done or len(calls) < when else None
        if len(calls) == when:
            raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(where, step, die)
    try:
        collect(source)
    except KeyboardInterrupt:
        assert is_whole()
    monkeypatch.setattr(where, step, true)
    collect(source)
    collect(source)
    assert set(subjects()) == shown
    assert len(subjects()) == 5
    assert is_whole()
    assert "고친 글" in Post.objects.get(subject="기사 0").body.html
    assert SeenEntry.objects.get(is_also=True).post.subject == "기사 9"


def test_a_killed_first_run_does_not_make_old_articles_new(source, paper, monkeypatch):
    Source.objects.update(first_posts=2)
    paper(*(item(number) for number in range(6)))
    post_entry, calls = collecting.post_entry, []

    def die_second(*args, **kwargs):
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return post_entry(*args, **kwargs)

    monkeypatch.setattr(collecting, "post_entry", die_second)
    with pytest.raises(KeyboardInterrupt):
        collect(source)
    collect(source)
    assert subjects() == ["기사 1", "기사 0"]


def test_a_source_taken_down_meanwhile_posts_nothing_more(source, paper, owner, monkeypatch):
    paper(item(1), item(2))
    post_entry = collecting.post_entry

    def take_down_then(*args, **kwargs):
        posted = post_entry(*args, **kwargs)
        take_down(source=Source.objects.get(pk=source.pk), by=owner)
        return posted

    monkeypatch.setattr(collecting, "post_entry", take_down_then)
    collect(source)
    assert subjects() == ["기사 2"]
    assert not Post.objects.published().exists()


def test_a_busy_collector_keeps_its_source(source, paper, monkeypatch):
    paper(item(1), item(2))
    read_page, left = collecting.read_page, []

    def run_out_then(*args):
        row = Source.objects.get(pk=source.pk)
        left.append(row.claimed_until - timezone.now())
        Source.objects.update(claimed_until=timezone.now() + timedelta(seconds=1))
        return read_page(*args)

    monkeypatch.setattr(collecting, "read_page", run_out_then)
    collect(source)
    assert min(left) > timedelta(minutes=4)
