"""Finds Korean particles (조사) that do not agree with the word before them.

A particle's form depends on whether the word before ends with a consonant (받침): 쉼터를, 사랑방을. So a
sentence whose word is filled in later cannot contain one of them directly behind the gap.
"""

import re

GAP = r"(?:%\(\w+\)[sdr]|%[sdr]|\{\{[^{}]*\}\}|\{[^{}]*\})"
CLOSING = r"(?:</\w+>|[\"'”’」』)\]])*"
PARTICLE = (
    r"(?:을|를|은|는|이|가|과|와|로|으로|이?라고|이?라는|이?나|이?랑|이?여야|이?어야)(?![가-힣])"
)
BEHIND_A_GAP = re.compile(GAP + CLOSING + PARTICLE)
BOTH_FORMS = re.compile(
    r"[을를은는이가과와]/[을를은는이가과와]|\((?:을|를|은|는|이|가|과|와|으)\)(?:로|을|를|은|는|이|가|과|와)?"
)
SYLLABLE = re.compile(r"([가-힣])[\"'”’」』)\]]*(를|을|으로)(?![가-힣])")
# What stands in brackets does not count: 주소(%s)가.
IN_BRACKETS = re.compile(r"(?<=[가-힣}])\((?:%\(\w+\)[sdr]|[^()])*\)")
# Words that end like a noun with the wrong particle: nouns, and verbs with ㅅ that drops out.
WORDS = re.compile(r"(?:가을|마을|노을|고을|이을|지을|나을|부을|그을|저을|쏟아부을)\Z")
RIEUL = 8  # the index of ㄹ among the final consonants


def final(syllable: str) -> int:
    """The final consonant of a syllable of Hangul as an index, 0 for none."""
    return (ord(syllable) - ord("가")) % 28


def wrong_particles(text: str) -> list[str]:
    """The places of `text` where a particle does not, or may not, agree with the word before it.

    을, 를 and 으로 are also compared with the syllable before; the other particles look like parts
    of too many words.
    """
    found = [hit[0] for hit in BOTH_FORMS.finditer(text)]
    text = IN_BRACKETS.sub("", text)
    found += [hit[0] for hit in BEHIND_A_GAP.finditer(text)]
    for hit in SYLLABLE.finditer(text):
        consonant, particle = final(hit[1]), hit[2]
        agrees = {
            "를": not consonant,
            "을": bool(consonant) or WORDS.search(text[: hit.end()]) is not None,
            "으로": consonant not in (0, RIEUL),
        }[particle]
        if not agrees:
            found.append(text[max(0, hit.start() - 8) : hit.end()])
    return found
