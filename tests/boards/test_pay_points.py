"""Reading and downloading may cost points: the site asks first, charges once, and reveals the text
nowhere else.
"""

from functools import partial

import pytest

from accounts.actions.points import adjust_points
from accounts.models import Member
from boards.actions.files import store_file, store_picture
from boards.actions.posts import write_post
from boards.models import Attachment
from boardsite.models import OneRow
from tests.boards.browsing import all_at_once, comment_form, document, picture, read

BODY = "고슴도치"
PRICE = {"cost": "10"}


@pytest.fixture
def board(board, points_on):
    board.read_points = -10
    board.save()
    return board


@pytest.fixture
def post(board, minji):
    files = [
        store_file(uploader=minji, upload=document(), limit=1000),
        store_picture(uploader=minji, upload=picture(), is_inline=False),
    ]
    return write_post(
        author=minji, board=board, subject="비밀 요리", source=f"<p>{BODY} 모양 빵</p>", files=files
    )


def has(member, points=None) -> int:
    """Return the points of the member, or set them; the first visit of the day gives 100."""
    if points is not None:
        Member.objects.filter(pk=member.pk).update(points=points)
    member.refresh_from_db()
    return member.points


@pytest.fixture
def as_junho(as_junho, board):
    as_junho.get("/free/")  # the first visit of the day gives 100
    return as_junho


def test_reading_asks_first_and_is_paid_once_for_ever(post, junho, as_junho):
    page = read(as_junho, "/free/1/")
    assert "이 글을 읽으면 10포인트가 듭니다. 지금 100포인트가 있습니다." in page
    assert BODY not in page
    assert has(junho) == 100
    for _ in range(2):
        assert as_junho.post("/free/1/pay/", PRICE).status_code == 302
        assert BODY in read(as_junho, "/free/1/")
    assert has(junho) == 90


def test_the_author_moderators_and_the_owner_read_for_free(post, as_minji, as_moderator, as_owner):
    for client in (as_minji, as_moderator, as_owner):
        assert BODY in read(client, "/free/1/")


def test_a_guest_is_asked_to_log_in(post, client):
    assert "로그인하면 포인트를 쓰고" in read(client, "/free/1/", 403)
    assert client.post("/free/1/pay/", PRICE).status_code == 403


def test_a_member_with_too_few_points_sees_how_many_are_missing(post, junho, as_junho):
    has(junho, 9)
    page = read(as_junho, "/free/1/", 403)
    assert "10포인트가 드는데 지금 9포인트가 있습니다." in page
    assert as_junho.post("/free/1/pay/", PRICE).status_code == 403
    assert has(junho) == 9


def test_a_changed_price_is_confirmed_again(post, board, junho, as_junho):
    board.read_points = -50
    board.save()
    answer = as_junho.post("/free/1/pay/", PRICE)
    assert "50포인트가 듭니다" in answer.content.decode()
    assert has(junho) == 100


def test_paying_needs_a_form(post, as_junho):
    assert as_junho.get("/free/1/pay/").status_code == 405


@pytest.mark.any_database
@pytest.mark.parametrize(
    "address",
    ["/free/feed/", "/feed/", "/search/?q=요리", "/free/", "/", "/new/", "/members/minji/"],
)
@pytest.mark.parametrize("skin", ["list", "webzine", "faq", "gallery"])
def test_no_other_page_contains_the_text(post, board, client, as_junho, address, skin):
    board.skin = skin
    board.save()
    for visitor in (client, as_junho):
        assert BODY not in read(visitor, address)


def test_forms_at_the_post_do_not_contain_the_text(post, as_junho):
    for address in ("reply", "scrap", "report"):
        answer = as_junho.get(f"/free/1/{address}/")
        assert answer.status_code == 403
        assert BODY not in answer.content.decode()
    answer = as_junho.post("/free/1/comments/write/", comment_form(text=""))
    assert answer.status_code == 403
    assert BODY not in answer.content.decode()


def test_files_of_an_unpaid_post_are_refused(post, as_junho, client):
    for file in Attachment.objects.all():
        for visitor in (as_junho, client):
            address = f"/files/{file.pk}/picture/" if file.is_picture else f"/files/{file.pk}/"
            assert visitor.get(address).status_code == 403
    as_junho.post("/free/1/pay/", PRICE)
    for file in Attachment.objects.all():
        address = f"/files/{file.pk}/picture/" if file.is_picture else f"/files/{file.pk}/"
        assert as_junho.get(address).status_code == 200


def test_without_points_on_the_site_everything_is_free(post, points_on, client):
    points_on.is_on = False
    points_on.save()
    OneRow.forget()
    assert BODY in read(client, "/free/1/")


# -- downloads -------------------------------------------------------------------------------------
@pytest.fixture
def file(board, post):
    board.read_points, board.download_points = 0, -20
    board.save()
    return Attachment.objects.exclude(kind="picture").get()


FILE_PRICE = {"cost": "20"}


def test_a_download_asks_first_and_is_paid_once(file, junho, as_junho):
    page = read(as_junho, f"/files/{file.pk}/")
    assert "이 파일을 내려받으면 20포인트가 듭니다. 지금 100포인트가 있습니다." in page
    for _ in range(2):
        as_junho.post(f"/files/{file.pk}/pay/", FILE_PRICE)
        assert read(as_junho, f"/files/{file.pk}/") == "April 5"
    assert has(junho) == 80


def test_a_guest_cannot_pay_for_a_file(file, client, as_minji):
    assert client.get(f"/files/{file.pk}/").status_code == 403
    assert client.post(f"/files/{file.pk}/pay/", FILE_PRICE).status_code == 403
    assert read(as_minji, f"/files/{file.pk}/") == "April 5"


# case 75
def test_ten_parallel_downloads_with_points_for_one_charge_once(
    side_by_side, board, minji, junho, log_in
):
    board.read_points, board.download_points = 0, -20
    board.save()
    files = [
        store_file(uploader=minji, upload=document(f"표{number}.txt"), limit=1000)
        for number in range(10)
    ]
    write_post(author=minji, board=board, subject="표", source="<p>표</p>", files=files)
    browsers = [log_in(junho) for _ in files]
    browsers[0].get("/free/")
    adjust_points(member=junho, amount=-80, reason="시험", about="test")
    assert has(junho) == 20
    answers = all_at_once(
        [
            partial(browser.post, f"/files/{file.pk}/pay/", FILE_PRICE)
            for browser, file in zip(browsers, files, strict=True)
        ]
    )
    assert sorted(answer.status_code for answer in answers) == [302] + [403] * 9
    assert has(junho) == 0
