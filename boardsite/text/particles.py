"""Takes particles (조사) off the words of a search. Pure.

There is no dictionary: 고양이 loses its last syllable too. So this is only for a search that has found
nothing, and the visitor is told.
"""

import re

# What a particle requires of the syllable before it: a final consonant, none, or none but ㄹ.
CONSONANT, VOWEL, VOWEL_OR_RIEUL, NOT_RIEUL, ANY = range(5)
_AFTER = {
    CONSONANT: "은 이 을 과 이나 이랑 이란 이라도 이라는 이라고",
    VOWEL: "는 가 를 와 나 랑 란 라도 라는 라고",
    NOT_RIEUL: "으로 으로는 으로도",
    VOWEL_OR_RIEUL: "로 로는 로도",
    ANY: "에 에는 에도 에서 에서는 에서도 에게 에게서 에게는 한테 한테서 께 께서 의 도 만 만은 만을 까지 까지도 부터 "
    "처럼 같은 보다 마다 조차 밖에 하고",
}
_PARTICLES = {particle: kind for kind, words in _AFTER.items() for particle in words.split()}
_LONGEST = max(map(len, _PARTICLES))
_RIEUL = 8  # the index of ㄹ among the final consonants
_LEAST = 2  # syllables that must remain

# Words in quotes and behind a minus are left as they are; a particle may follow a Latin word.
_WORD = re.compile(r'"[^"]*"|(?<!\S)-\S+|(?<=[a-zA-Z0-9])[가-힣]+|[가-힣]+')


def without_particles(query: str) -> str:
    """The query with each word without its particle; the same query if no word has one."""
    return " ".join(_WORD.sub(_shortened, query).split())


def _shortened(hit: re.Match) -> str:
    word, before = hit[0], hit.string[: hit.start()][-1:]
    if not "가" <= word[0] <= "힣":
        return word
    if before.isascii() and before.isalnum():
        return "" if word in _PARTICLES else word
    for end in range(max(1, len(word) - _LONGEST), len(word)):
        if word[end:] in _PARTICLES and _agrees(word[end - 1], _PARTICLES[word[end:]]):
            return word[:end] if end >= _LEAST else word
    return word


def _agrees(syllable: str, kind: int) -> bool:
    final = (ord(syllable) - ord("가")) % 28
    return {
        CONSONANT: final != 0,
        VOWEL: final == 0,
        NOT_RIEUL: final not in (0, _RIEUL),
        VOWEL_OR_RIEUL: final in (0, _RIEUL),
        ANY: True,
    }[kind]
