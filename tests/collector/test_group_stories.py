"""The same story from two papers becomes one post that names both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from boards.actions.posts import hide_post
from boards.models import Board, Post
from collector.models import SeenEntry, Source
from tests.collector.conftest import OTHER_STORY, STORY, collect, item, subjects

pytestmark = pytest.mark.django_db

HEAD = "[한빛신문 김하늘 기자] "


@pytest.fixture
def theirs(paper, other):
    """The other paper's version: its own first line, then the agency's story."""

    def show(text: str = HEAD + STORY, **fields) -> None:
        fields = {
            "title": "버스값 오른다",
            "link": "https://hanbit.example/7",
            "text": text,
        } | fields
        paper(item(7, **fields))
        collect(other)

    return show


@pytest.fixture
def ours(paper, source):
    """The first paper's version of the story."""
    paper(item(1, title="버스 요금 인상", text=STORY))
    collect(source)
    return Post.objects.get()


def test_the_same_story_from_another_paper_is_shown_once_with_both_origins(ours, theirs, client):
    theirs()
    assert subjects() == ["버스 요금 인상"]
    page = client.get(ours.get_absolute_url()).text
    leads_to = client.get(f"{ours.get_absolute_url()}links/2/")
    assert leads_to["Location"] == "https://hanbit.example/7"
    assert "다른 곳: 한빛신문" in page
    entry = SeenEntry.objects.get(source__name="한빛신문")
    assert (entry.post, entry.is_also) == (ours, True)


def test_a_copy_of_an_agency_is_recognised_despite_changes(ours, theirs):
    """Another headline, an extra first sentence, replaced words, no last sentence."""
    copy = STORY.replace("기름값", "연료비").replace("노인", "어르신").replace("여섯 해", "6년")
    first = "버스를 타는 시민의 지갑이 내년부터 더 가벼워진다. "
    theirs(first + copy.rpartition(". ")[0] + ". " + "무단 전재 및 재배포 금지.")
    assert subjects() == ["버스 요금 인상"]


def test_a_story_is_joined_once(ours, theirs):
    theirs()
    theirs()
    assert ours.links.filter(name="다른 곳: 한빛신문").count() == 1
    ours.refresh_from_db()
    assert ours.link_count == 2


def test_another_story_is_a_post_of_its_own(ours, theirs):
    theirs(OTHER_STORY, title="물범이 돌아왔다")
    assert subjects() == ["버스 요금 인상", "물범이 돌아왔다"]


def test_a_short_text_is_not_joined(paper, source, theirs):
    paper(item(1, title="가", text="자세한 내용은 기사를 보세요."))
    collect(source)
    theirs("자세한 내용은 기사를 보세요.", title="나")
    assert subjects() == ["가", "나"]


def test_the_same_text_twice_from_one_paper_is_two_posts(paper, source):
    paper(item(1, title="오늘의 날씨", text=STORY))
    collect(source)
    paper(item(2, title="내일의 날씨", text=STORY))
    collect(source)
    assert subjects() == ["오늘의 날씨", "내일의 날씨"]


def test_the_same_text_twice_from_another_paper_is_joined_once(ours, theirs):
    theirs()
    theirs(guid="another", link="https://hanbit.example/8", title="다시 버스값")
    assert subjects() == ["버스 요금 인상", "다시 버스값"]


def test_a_story_of_last_month_is_posted_again(ours, theirs):
    SeenEntry.objects.update(seen_at=timezone.now() - timedelta(days=8))
    theirs()
    assert len(subjects()) == 2


def test_nothing_is_joined_to_a_hidden_post(ours, theirs, owner):
    hide_post(post=ours, by=owner)
    theirs()
    assert Post.objects.published().get().subject == "버스값 오른다"


def test_nothing_is_joined_to_a_post_that_the_other_boards_readers_may_not_see(
    ours, theirs, board, other, other_board
):
    Source.objects.filter(pk=other.pk).update(board=other_board)
    Board.objects.filter(pk=board.pk).update(read_level=5)
    theirs()
    assert Post.objects.get(board=other_board).subject == "버스값 오른다"


def test_in_two_boards_that_everybody_reads_a_story_is_shown_once(ours, theirs, other, other_board):
    Source.objects.filter(pk=other.pk).update(board=other_board)
    theirs()
    assert subjects() == ["버스 요금 인상"]


def test_in_a_board_for_members_a_story_is_shown_once(ours, theirs, board):
    Board.objects.filter(pk=board.pk).update(read_level=5)
    theirs()
    assert subjects() == ["버스 요금 인상"]


def test_joined_articles_do_not_count_for_the_hourly_limit(ours, theirs, other):
    Source.objects.filter(pk=other.pk).update(hourly_limit=1)
    theirs()
    theirs(OTHER_STORY, guid="8", link="https://hanbit.example/8", title="물범이 돌아왔다")
    assert subjects() == ["버스 요금 인상", "물범이 돌아왔다"]


def test_a_story_without_an_address_is_joined_without_a_link(ours, theirs):
    theirs(link="")
    assert subjects() == ["버스 요금 인상"]
    assert ours.links.count() == 1
