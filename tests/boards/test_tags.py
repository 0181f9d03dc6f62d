"""boards.text.tags: parsing typed tags into the names that posts share."""

import pytest

from boards.text.tags import COUNT, LENGTH, clean_tags

TABLE = {
    "": [],
    "봄": ["봄"],
    "봄, 나들이": ["봄", "나들이"],
    "#봄 #나들이": ["봄", "나들이"],
    "#봄#나들이": ["봄", "나들이"],
    "봄，나들이、꽃": ["봄", "나들이", "꽃"],
    " ,, # 봄\t\n 꽃 ": ["봄", "꽃"],
    "\u1107\u1169\u11b7": ["봄"],  # NFD, as macOS sends it
    "Python PYTHON python": ["python"],
    "Ｐｙｔｈｏｎ": ["python"],
    "C++ c#": ["c++", "c"],
    "TCP/IP a\\b": ["tcp", "ip", "a", "b"],
    ". .. - ♥ \u3164": [],
    "봄\u200b봄 봄\u202e봄": ["봄봄"],
    "a\x00b a\x1fb": ["ab"],
    "<script>alert(1)</script>": ["<script>alert(1)<", "script>"],
    "ﬁ": ["fi"],
    "İ": ["i\u0307"],
}


@pytest.mark.parametrize(("typed", "names"), TABLE.items())
def test_typed_tags_are_parsed(typed, names):
    assert clean_tags(typed) == names


@pytest.mark.parametrize("typed", TABLE)
def test_a_parsed_name_parses_to_itself(typed):
    for name in clean_tags(typed):
        assert clean_tags(name) == [name]


def test_the_number_and_length_of_tags_are_limited():
    assert clean_tags("가" * 31) == ["가" * LENGTH]
    assert len(clean_tags(" ".join(f"태그{number}" for number in range(30)))) == COUNT
