"""What was typed is read as words, phrases and exclusions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.text.typed_search import Typed, read
from boardsite.text import korean


@pytest.mark.parametrize(
    ("query", "typed"),
    [
        ("가자미 시세", Typed(("가자미", "시세"))),
        ("가자미 -시세", Typed(("가자미",), (), (("시세",),))),
        ("가자미-시세", Typed(("가자미", "시세"))),
        ("가자미 - 시세", Typed(("가자미", "시세"))),
        ("-가자미 -시세", Typed(("가자미", "시세"))),
        ('"가자미 시세"', Typed((), (("가자미", "시세"),))),
        ('대구 -"가자미 시세"', Typed(("대구",), (), (("가자미", "시세"),))),
        ("대구 -LG전자", Typed(("대구",), (), (("lg", "전자"),))),
        ('가"나다"라', Typed(("가", "라"), (("나다",),))),
        ('가나 "다라', Typed(("가나", "다라"))),
        ('"" -"" -- "-"', Typed(())),
        ("6,790원 12,34 1,234,567", Typed(("6790", "원", "12", "34", "1234567"))),
    ],
)
def test_reading(query, typed):
    assert read(query) == typed


@given(st.text(st.sampled_from('가나 -"a1,ㅋ“\n'), max_size=200))
def test_whatever_is_typed_stays_small_and_loses_no_word(query):
    typed = read(query)
    terms = [*typed.phrases, *typed.without]
    assert len(typed.words) <= korean.QUERY_WORDS
    assert max(len(typed.phrases), len(typed.without)) <= korean.QUERY_WORDS
    assert all(terms)
    assert sum(map(len, typed.words)) + sum(len(word) for term in terms for word in term) <= 100
    found = {*typed.words, *(word for term in terms for word in term)}
    if len(query) < 20:
        assert found == set(korean.query_words(query.replace("-", " ").replace('"', " ")))
