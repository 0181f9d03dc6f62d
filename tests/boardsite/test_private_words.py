"""Searches with personal data are not counted among the popular searches."""

import time

import pytest

from boardsite.text.private_words import is_private


@pytest.mark.parametrize(
    "words",
    [
        "minji@example.com",
        "김민지 minji@naver.com 연락처",
        "minji @ naver.com",
        "minji(at)naver.com",
        "minji골뱅이naver.com",
        "ｍｉｎｊｉ＠ｅｘａｍｐｌｅ.com",
        "민지@한글.한국",
        "010-1234-5678",
        "01012345678",
        "010 1234 5678 누구",
        "010.1234.5678",
        "(02) 123-4567",
        "+82 10-1234-5678",
        "０１０－１２３４－５６７８",
        "010–1234–5678",
        "010\u200b1234\u200b5678",
        "٠١٠١٢٣٤٥٦٧٨",
        "1588-1588",
        "공일공 일이삼사 오육칠팔",
        "공일공-1234-오육칠팔",
        "900101-1234567",
        "9001011234567",
        "900101",
        "1990-01-01 생",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "국민은행 123456-01-123456",
        "203.0.113.7",
        "M12345678",
        "12가 3456",
        "123가4567 차주",
        "래미안 101동 1203호",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJt",
        "sk-3f9c0a1b2c3d4e5f6a7b8c9d",
        "1,2,3,4,5,6",
    ],
)
def test_is_private(words):
    assert is_private(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "경제",
        "벚꽃 명소",
        "2026 벚꽃",
        "2026년 11월",
        "코스피 3000",
        "1,234,567원",
        "948,022",
        "갤럭시 S25 512GB",
        "python 3.11.4",
        "아이폰 17 프로 256",
        "@민지",
        "C++ 배우기",
        "5·18 민주화운동",
        "코로나19",
        "삼일절 오이 사이다",
        "구구단 이이는 사",
        "지하철 9호선",
        "101호",
        "a" * 60,
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        "대한민국헌법제일조일항",
    ],
)
def test_is_not_private(words):
    assert not is_private(words)


@pytest.mark.parametrize(
    "words",
    [
        "1 " * 5_000,
        "공" * 10_000,
        "a1-" * 5_000,
        "가" * 10_000,
        "1,111" * 4_000,
        "." * 10_000,
        "a." * 5_000,
    ],
)
def test_long_words_are_judged_quickly(words):
    began = time.thread_time()
    is_private(words)
    assert time.thread_time() - began < 5
