"""Finds the author in a line of an article: `김민지·이준호 기자`. Pure."""

import re

_JOB = r"(?:(?:수습|인턴|선임|전문|객원|시민|명예|[가-힣]{1,6}전문)?\s?기자|특파원|통신원|논설위원|편집장|칼럼니스트)"
_REPORTER = re.compile(
    rf"(?<![가-힣])([가-힣]{{2,4}}(?:\s?[·,]\s?[가-힣]{{2,4}}){{0,4}})\s{{0,2}}({_JOB})(?![가-힣])"
)
_NO_NAMES = set("담당 취재 해당 본지 우리 현장 한국 일부 여러 다른 전문 이전".split())


def reporter_in(text: str) -> str:
    """`김민지·이준호 기자` in a line; "" without a name."""
    found = _REPORTER.search(text[:500])
    if not found or found[1] in _NO_NAMES:
        return ""
    return f"{found[1]} {found[2].strip()}"


def reporter_before(text: str) -> str:
    """The name before the text begins: `(너울골=뉴스1) 김민지 기자 = …`."""
    head, sign, _text = text[:120].partition(" = ")
    return reporter_in(head) if sign and head[:1] in "[(【" else ""
