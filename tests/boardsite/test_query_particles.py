"""Particles are taken off the words of a query."""

import pytest

from boardsite.text.particles import without_particles


@pytest.mark.parametrize(
    ("query", "shorter"),
    [
        ("소금빵이", "소금빵"),
        ("미역국을", "미역국"),
        ("바다에서도 커피를", "바다 커피"),
        ("서울로", "서울"),
        ("시장으로", "시장"),
        ("소금빵가", "소금빵가"),  # 가 stands behind a vowel
        ("커피을", "커피을"),
        ("집으로", "집으로"),  # one syllable would remain
        ("밥을", "밥을"),
        ("에서는", "에서"),
        ("iPhone을 6790원은", "iPhone 6790원은"),
        ("가자미를 -시세를", "가자미 -시세를"),
        ('"가자미를" 시세를', '"가자미를" 시세'),
        ("ㅋㅋ을", "ㅋㅋ을"),
        ("", ""),
    ],
)
def test_particles_that_agree_with_the_word_are_taken_off(query, shorter):
    assert without_particles(query) == shorter


def test_only_one_particle_is_taken_off_each_word():
    assert without_particles("가" * 99) == "가" * 98
