"""The site reproduces the collected article that the project began with: the same words in the same
order.
"""

import datetime
from zoneinfo import ZoneInfo

import pytest

from boards.actions.files import store_picture
from boards.actions.posts import write_post
from boards.models import Board, Post
from boardsite.models import SiteSettings
from boardsite.visitors.identity import today
from tests.conftest import make_member
from tests.crowd import picture_upload
from tests.page import Page, follow
from visits import tallies
from visits.models import DayCount
from visits.queries.counts import past_counts

pytestmark = pytest.mark.any_database

SEOUL = ZoneInfo("Asia/Seoul")
BOARD = "경제기사 | economics"
SUBJECT = "중국 AI, 저비용으로 미국을 따라잡다 [PADO]"
ARTICLE = """
<p>[편집자주] 미국 주식시장을 필두로 전 세계 금융시장이 중국발 AI 쇼크로 요동쳤습니다.</p>
<figure><img src="{picture}" alt="본문이미지"><figcaption>/로이터=뉴스1</figcaption></figure>
<p>세계 최초의 추론 모델<small>reasoning model</small>이라는 인공지능의 진보된 형태가 공개됐다.</p>
<p>o1"오원"으로 읽음이라 불리는 이 모델은 사고 과정을 활용해 문제를 해결한다.<br><br>계속</p>
<p>PADO 웹사이트<a href="https://www.pado.kr">https://www.pado.kr</a>에서 전문을 읽을 수 있습니다.</p>
<h4>[관련기사]</h4>
<ul><li>"삼성전자는 오른다" 7000억 담은 개미들…외국인 선택은 달랐다</li>
<li>9급 초임 300만원 준다는데…"우리는요?" 힘빠진 선배 공무원들</li></ul>
<p>김동규 PADO 편집장 dq.kim@mt.co.kr</p>
<p>ⓒ 머니투데이 &amp; mt.co.kr, 무단 전재 및 재배포 금지</p>
"""
IN_ORDER = [
    "본문 바로가기",
    "사이트 내 전체검색",
    *(BOARD, SUBJECT),
    "페이지 정보",
    "수집기님의 사진",
    "작성자 수집기",
    "댓글 0건",
    "조회 27회",
    "작성일 25-02-01 06:01",
    "본문",
    "표지.png",
    "[편집자주] 미국 주식시장을 필두로",
    "본문이미지 /로이터=뉴스1",
    "세계 최초의 추론 모델",
    'o1"오원"으로 읽음',
    "계속",
    "https://www.pado.kr",
    "[관련기사]",
    '"삼성전자는 오른다" 7000억 담은 개미들…외국인 선택은 달랐다',
    "9급 초임 300만원 준다는데…",
    "김동규 PADO 편집장 dq.kim@mt.co.kr",
    "ⓒ 머니투데이 & mt.co.kr, 무단 전재 및 재배포 금지",
    *("관련링크", "https://news.example.com/article/1"),
    "댓글목록",
    "등록된 댓글이 없습니다.",
    "회원로그인",
    "회원가입",
    "사이트 정보",
    "회사명 : 원미디어 / 대표 : 대표자명",
    "주소 : OO도 OO시 OO구 OO동 123-45",
    "사업자 등록번호 : 123-45-67890",
    "전화 : 02-123-4567 팩스 : 02-123-4568",
    "통신판매업신고번호 : 제 OO구 - 123호",
    "개인정보 보호책임자 : 정보책임자명",
    "접속자집계",
    *("오늘", "618", "어제", "2,108", "최대", "3,806", "전체", "948,022"),
    "Copyright © 소유하신 도메인. All rights reserved.",
]


@pytest.fixture
def collector(db):
    return make_member("collector", "수집기", is_robot=True)


@pytest.fixture
def article(group, collector):
    board = Board.objects.create(group=group, slug="economics", name=BOARD)
    inline = store_picture(uploader=collector, upload=picture_upload(), is_inline=True)
    cover = store_picture(uploader=collector, upload=picture_upload("표지.png"), is_inline=False)
    post = write_post(
        author=collector,
        board=board,
        subject=SUBJECT,
        source=ARTICLE.format(picture=inline.url),
        links=["https://news.example.com/article/1"],
        files=[cover],
        created_at=datetime.datetime(2025, 2, 1, 6, 1, tzinfo=SEOUL),
    )
    Post.objects.filter(pk=post.pk).update(view_count=26)
    return post


@pytest.fixture
def site_of_the_seed(db):
    SiteSettings.objects.create(
        pk=1,
        name="소유하신 도메인",
        company="원미디어",
        representative="대표자명",
        address="OO도 OO시 OO구 OO동 123-45",
        business_number="123-45-67890",
        phone="02-123-4567",
        fax="02-123-4568",
        sales_number="제 OO구 - 123호",
        privacy_officer="정보책임자명",
    )


@pytest.fixture
def visited():
    """617 visitors today and 948,021 in all; the reader in the test is the next one."""
    tallies.forget()
    past_counts.forget()
    days = [617, 2_108, *[3_806] * 248]
    days.append(948_021 - sum(days))
    assert max(days) == 3_806
    DayCount.objects.bulk_create(
        DayCount(day=today() - datetime.timedelta(days=ago), visitors=visitors)
        for ago, visitors in enumerate(days)
    )
    yield
    past_counts.forget()


def show(client, post) -> Page:
    response = client.get(post.get_absolute_url())
    assert response.status_code == 200
    return Page(response.content)


def test_every_block_appears_in_order_with_its_words(as_reader, article, site_of_the_seed, visited):
    page = show(as_reader, article)
    follow(page.text, IN_ORDER)
    assert page.title == f"{SUBJECT} > {BOARD} | 소유하신 도메인"


def test_the_main_part_begins_with_board_and_subject(as_reader, article):
    page = show(as_reader, article)
    assert page.one("main").text.startswith(f"{BOARD} {SUBJECT} 페이지 정보 수집기님의 사진 작성자")
    assert page.one("a", class_="skip-link")["href"] == "#main"
    assert page.one("h1").text == SUBJECT


def test_the_comment_count_links_to_the_comments(as_reader, article):
    page = show(as_reader, article)
    (link,) = [a for a in page.all("a", href="#comments") if a.text == "댓글 0건"]
    assert page.one("section", id="comments").one("h2").text == "댓글목록 0"
    assert link


def test_the_inline_picture_is_in_the_article_and_the_cover_above_it(as_reader, article):
    content = show(as_reader, article).one("section", class_="post-content")
    cover, inline = (picture["src"] for picture in content.all("img"))
    attached = article.attachments.get(is_inline=False)
    assert cover == attached.url
    assert inline == article.attachments.get(is_inline=True).url
    for address in (cover, inline):
        response = as_reader.get(address)
        assert (response.status_code, response["Content-Type"]) == (200, "image/webp")


def test_the_time_has_a_machine_readable_zone(as_reader, article):
    info = show(as_reader, article).one("section", class_="post-info")
    assert info.one("time")["datetime"] == "2025-02-01T06:01+09:00"


def test_empty_lines_of_the_footer_are_omitted(as_reader, article):
    SiteSettings.objects.create(pk=1, name="빈 사이트", phone="02-1")
    footer = show(as_reader, article).one("footer", class_="site-footer")
    follow(
        footer.text, ["사이트 정보", "전화 : 02-1", "Copyright © 빈 사이트. All rights reserved."]
    )
    assert "팩스" not in footer.text
    assert "대표" not in footer.text


def test_a_member_sees_their_card_instead_of_the_log_in_form(as_minji, article):
    page = show(as_minji, article)
    assert "회원로그인" not in page.text
    assert "민지님" in page.text
