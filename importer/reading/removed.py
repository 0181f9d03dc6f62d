"""What the cleaning of HTML has removed, by kind. Pure.

Elements, attributes and style properties are counted before and after; what is fewer has been removed. That
is exact enough for a report, and fast: most bodies lose nothing.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

MAX_SOURCE = 200_000  # characters, as in boardsite.text.richtext
WHOLE = "서식 전체 (너무 긴 글)"
EXAMPLES = 3  # of each kind
LONGEST_EXAMPLE = 80  # characters

_TAG = re.compile(
    r"<([a-z][a-z0-9:-]{0,30})\b((?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^\"'<>])*)", re.I | re.A
)
_ATTRIBUTE = re.compile(
    r"([a-z][\w:-]{0,40})\s*=\s*(\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^\s>]{1,2000})", re.I | re.A
)
# Pictures of the site itself get their new addresses later, and missing files are named by themselves.
_OWN_PICTURE = re.compile(
    r"<img\b[^<>]{0,2000}/data/(?:editor|cheditor4|file)/[^<>]{0,2000}>", re.I
)
_SCRIPT = re.compile(r"^[\"']?\s*(?:javascript|vbscript|data):", re.I)
_RENAMED = {"h1": "h3", "h2": "h3"}
# What stands in every document and says nothing.
_MUTE = frozenset("html head body meta tbody".split())


@dataclass
class Removed:
    """The sums of all texts that `look` has seen."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def look(self, where: str, source: str, html: str) -> None:
        """Counts what `html`, the cleaned `source`, lacks. `where` names the text."""
        if len(source) > MAX_SOURCE:  # only its text is shown
            self.counts[WHOLE] += 1
            self.examples.setdefault(WHOLE, []).append(where)
            return
        if source == html:  # most texts
            return
        before = _parts(_OWN_PICTURE.sub("", source))
        for kind, number in (before - _parts(html)).items():
            self.counts[kind] += number
            shown = self.examples.setdefault(kind, [])
            if len(shown) < EXAMPLES:
                shown.append(f"{where} {_example(kind, source)}".strip())

    def lines(self) -> list[str]:
        """For the report, the most frequent first."""
        return [
            f"{kind} {number:,}개 (예: {' / '.join(self.examples[kind][:EXAMPLES])})"
            for kind, number in self.counts.most_common()
        ]


def _parts(html: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for tag, attributes in _TAG.findall(html):
        name = tag.lower()
        name = _RENAMED.get(name, name)
        if name not in _MUTE:
            found[f"<{name}>"] += 1
        if "=" in attributes:
            _count_attributes(found, attributes)
    return found


def _count_attributes(found: Counter[str], attributes: str) -> None:
    for attribute, value in _ATTRIBUTE.findall(attributes):
        name = attribute.lower()
        if name == "style":
            for part in value.strip("\"'").split(";"):
                if ":" in part:
                    found[f"style: {part.partition(':')[0].strip().lower()[:40]}"] += 1
        elif name in ("href", "src") and _SCRIPT.match(value):
            found["스크립트 주소"] += 1
        else:
            found[f"{name}="] += 1


def _example(kind: str, source: str) -> str:
    """The place in the source where the kind stands first."""
    word = kind.removeprefix("style: ").removesuffix(">")
    place = max(source.lower().find("javascript:" if kind == "스크립트 주소" else word), 0)
    text = " ".join(source[place : place + LONGEST_EXAMPLE].split())
    return f"'{text}'"
