"""Korean text is cut into pieces, searched, highlighted and shortened."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boardsite.text import korean

HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
# What people type and what they do not: markup, full width, both kinds of jamo, accents, ligatures.
ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from("<>&\"'가한국경제ㅋㅠㅄＡａ1㎏㈜ﬃ\u0301\u1100\u1161 \n·・İß"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("경제정책을 세웠다.", ["경제정책을", "세웠다"]),
        ("LG전자 3층, iPhone", ["lg", "전자", "3", "층", "iphone"]),
        ("ＬＧ　전자", ["lg", "전자"]),
        ("snake_case e-mail", ["snake", "case", "e", "mail"]),
        ("李대통령 アニメ ｱﾆﾒ", ["李", "대통령", "アニメ", "アニメ"]),
        ("Ünïcode ДОМ", ["ünïcode", "дом"]),
        ("ㅋㅋㅋ ㅠㅠ !!", []),
        ("감사ㅋㅠ 아ㅄ", ["감사", "아"]),
        ("", []),
        ("\0 \ud800 🙂", []),
    ],
)
def test_a_text_is_split_into_runs(text, runs):
    assert korean.runs(text) == runs


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("경제정책을", ["경제", "제정", "정책", "책을"]),
        ("빵 LG전자", ["lg", "전자"]),
        ("새해 새해", ["새해"]),
        ("東京大", ["東京", "京大"]),
        ("a" * 5000, ["a" * korean.WORD_LIMIT]),
    ],
)
def test_runs_are_cut_into_pieces(text, pieces):
    assert korean.pieces(text) == pieces


def test_a_huge_text_gives_a_bounded_number_of_bytes():
    text = "".join(chr(0x20000 + number % 40_000) for number in range(300_000))
    assert sum(len(piece.encode()) for piece in korean.pieces(text)) < 2**20
    assert len(korean.pieces("\ufdfa" * 300_000)) < korean.TEXT_LIMIT


def test_a_query_is_bounded():
    assert korean.query_words("경제 LG전자 경제") == ["경제", "lg", "전자"]
    assert len(korean.query_words(" ".join(f"낱말{number}" for number in range(200)))) == 10
    assert sum(map(len, korean.query_words("가나다라" * 5000))) == korean.QUERY_LIMIT
    assert korean.query_words("ㅋㅋ !!! \0") == []


@given(st.lists(st.text(HANGUL, min_size=2, max_size=8), min_size=1, max_size=4), st.data())
def test_every_part_of_two_syllables_or_more_is_found(words, data):
    text = " ".join(words)
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 2))
    part = word[start : data.draw(st.integers(start + 2, len(word)))]
    assert set(korean.pieces(part)) <= set(korean.pieces(text))
    assert korean.contains(text, korean.query_words(part))
    assert (part, True) in korean.mark(text, [part])


@given(st.text(st.one_of(HANGUL, st.sampled_from("ab1 .")), max_size=30))
def test_decomposed_text_is_the_same_text(text):
    decomposed = unicodedata.normalize("NFD", text)
    assert korean.pieces(decomposed) == korean.pieces(text)
    assert korean.query_words(decomposed) == korean.query_words(text)


@pytest.mark.parametrize(
    ("text", "query", "html"),
    [
        ("한국경제가 산다", "경제", "한국<mark>경제</mark>가 산다"),
        ("java와 javascript", "JAVA", "<mark>java</mark>와 javascript"),
        ("ＬＧ전자", "lg 전자", "<mark>ＬＧ</mark><mark>전자</mark>"),
        ("5㎏짜리", "5kg", "<mark>5㎏</mark>짜리"),
        ("<b>경제</b>", "경제", "&lt;b&gt;<mark>경제</mark>&lt;/b&gt;"),
        ("<mark>", "mark", "&lt;<mark>mark</mark>&gt;"),
        ("경제정책", "경제정 제정책", "<mark>경제정</mark>책"),
        ("ㅋㅋ 경제ㅋㅋ", "경제", "ㅋㅋ <mark>경제</mark>ㅋㅋ"),
        ("a.b", ".*", "a.b"),
        ("㍿", "株式 会社", "<mark>㍿</mark>"),
    ],
)
def test_hits_are_marked_in_the_text_as_written(text, query, html):
    assert korean.highlight(text, korean.query_words(query)) == html


def test_hits_are_marked_in_decomposed_text():
    text = unicodedata.normalize("NFD", "한국경제가")
    assert unicodedata.normalize("NFC", korean.highlight(text, ["경제"])) == (
        "한국<mark>경제</mark>가"
    )


@given(ODD, st.one_of(ODD, st.sampled_from(["경제", "a", "mark", "amp lt gt", "한국 kg 주"])))
def test_highlighting_changes_no_text_and_escapes_everything(text, query):
    words = korean.query_words(query)
    assert "".join(part for part, _ in korean.mark(text, words)) == text
    html = korean.highlight(text, words).replace("<mark>", "").replace("</mark>", "")
    assert not set("<>\"'") & set(html)


EVEN = st.text(st.sampled_from("경제정책가 Aaz09_.…·ㅋ“”\n<LG"), max_size=40)


@given(EVEN, st.lists(st.sampled_from("경제 정책 경제정책 제 lg a az09 0".split()), max_size=4))
def test_the_fast_and_the_thorough_highlighting_agree(text, words):
    thorough = list(korean.spans(text + " ｋ", words))  # a wide letter needs the thorough one
    assert list(korean.spans(text, words)) == thorough


@pytest.mark.parametrize("place", [0, 300, 600])
def test_a_snippet_shows_the_first_hit(place):
    text = "가나다 " * (place // 4) + "경제정책을\n세웠다 " + "마바사 " * 150
    snippet = korean.snippet(text, ["정책"], length=80)
    assert "경제정책을 세웠다" in snippet
    assert len(snippet) <= 82
    assert snippet.startswith("…") == (place > 0)
    assert snippet.endswith("…")


def test_a_short_text_is_its_own_snippet():
    assert korean.snippet(" 경제  정책 ", ["없음"]) == "경제 정책"


@given(ODD, ODD, st.integers(10, 60))
def test_a_snippet_is_never_longer_than_requested(text, query, length):
    assert len(korean.snippet(text * 4, korean.query_words(query), length)) <= length + 2
