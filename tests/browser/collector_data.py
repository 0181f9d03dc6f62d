"""Data for the admin pages of the collector: working and failing sources, and a trial."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Member
from boards.actions.files import store_picture
from boards.actions.links import add_link
from boards.actions.posts import hide_post, write_post
from boards.models import Board
from boardsite.text import richtext
from collector.actions.complaints import complain
from collector.models import SeenEntry, Source, SourceEvent, Trial
from tests.conftest import make_member
from tests.crowd import picture_upload

BODY = """<figure><img src="/files/1/picture/" alt="벚꽃길"><figcaption>벚꽃길 김사진 기자</figcaption></figure>
<p>여의도 윤중로의 벚꽃이 “예년보다 나흘 이르게” 피었습니다 [PADO]. A&amp;B 연구소는 ‘기온’ 때문이라고 했습니다.</p>
<h2>가는 길</h2><p><a href="https://paper.example/map">지도</a></p>
<table><tr><th>어디서</th><th>얼마나</th></tr><tr><td>여의나루역</td><td>걸어서 10분</td></tr></table>
<hr>
<p>원문: <a href="https://paper.example/news/1">너울골신문</a><br>글쓴이: 김사진 기자<br>ⓒ 너울골신문<br>\
<a href="/sources/1/complain/">저작권 신고</a></p>"""
ERROR = "서버를 찾지 못했습니다. 주소의 도메인 이름을 확인해 주세요."


def create_collector_data(board: Board, owner: Member) -> dict[str, int]:
    """Returns ids: the source with all fields, one of its articles, a complaint about that, and the
    numbers of the article's post and of a hidden one."""
    robot = make_member("robot", "수집기", is_robot=True)
    common = {"board": board, "member": robot}
    now = timezone.now()
    Source.objects.create(
        name="한빛경제",
        address="https://economy.example/list",
        kind=Source.Kind.LISTING,
        link_rule="ul.list a",
        failures=7,
        error=ERROR,
        is_on=True,
        ran_at=now,
        **common,
    )
    source = Source.objects.create(
        name="너울골신문",
        address="https://paper.example/rss/" + "아주-긴-주소-" * 12,
        is_on=True,
        ran_at=now,
        next_at=now + timedelta(hours=1),
        licence="ⓒ 너울골신문, 무단 전재 및 재배포 금지",
        **common,
    )
    posts = []
    for number in range(3):
        subject = f"벚꽃이 예년보다 나흘 이르게 피어 축제도 앞당긴다는 조금 긴 제목의 기사 {number}"
        upload = picture_upload(size=(640, 400))
        photo = store_picture(uploader=robot, upload=upload, is_inline=True)
        body = BODY.replace("/files/1/picture/", photo.url)
        post = write_post(author=robot, board=board, subject=subject, source=body, is_quiet=True)
        SeenEntry.objects.create(
            source=source,
            guid_key=str(number),
            title=subject,
            post=post,
            address=f"https://paper.example/news/{number}",
        )
        posts.append(post)
    add_link(post=post, url="https://hanbit.example/news/9", name="다른 곳: 한빛경제")
    hide_post(post=posts[0], by=owner, reason="저작권자가 요청함")
    SeenEntry.objects.create(source=source, guid_key="x", title="지나친 기사")
    SourceEvent.objects.create(source=source, kind="gone", text="원문이 사라진 기사의 제목")
    SourceEvent.objects.create(source=source, kind="put_back", by=owner, text="편집장과 통화함")
    _try(source)
    complaint = complain(
        source=source,
        post=post,
        name="박사진(별빛사진관)",
        email="photographer-with-a-long-address@studio.example",
        text="벚꽃길 사진은 제가 찍은 것입니다.\n허락한 적이 없으니 내려 주세요.",
    )
    return {
        "source": source.pk,
        "article": post.pk,
        "complaint": complaint.pk,
        "paper_post": post.number,
        "hidden_post": posts[0].number,
    }


def _try(source: Source) -> None:
    """A finished trial with articles of each kind."""
    now = timezone.now()
    shown = {
        "html": richtext.clean(BODY.replace("/files/1/picture/", "")),
        "address": "https://paper.example/news/1",
        "author": "김기자",
        "published_at": "26-11-25 06:01",
        "outcome": "올림",
    }
    rows = [{**shown, "title": f"벚꽃이 “활짝” 핀 날의 기사 {number}"} for number in range(2)]
    rows += [
        {**shown, "html": "", "title": f"오래된 기사 {number} " + "긴 제목 " * 9, "outcome": why}
        for number, why in enumerate(["이미 있음", "단어로 걸러짐", "한 시간 한도를 넘음"])
    ]
    Trial.objects.create(source=source, asked_at=now, ended_at=now, found=rows)
