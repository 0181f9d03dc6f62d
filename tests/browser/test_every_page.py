"""Every page fits, reports no errors, has ordered headings and is accessible. Opening a page takes longer
than looking at it, so that one walk looks at all of this."""

import re
from itertools import pairwise

from tests.browser.test_accessibility import AXE, RULES, RUN

WIDTHS = (360, 768, 1920, 390, 1280)
# Elements that overflow the page, unless an ancestor scrolls or clips them.
OVERFLOW = """
() => {
  const root = document.documentElement;
  if (root.scrollWidth <= window.innerWidth) return [];
  return [...document.querySelectorAll('body *')]
    .filter((e) => e.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 5).map((e) => e.tagName + '.' + e.className);
}
"""
HEADINGS = "all => all.map(h => Number(h.tagName[1]))"
# The lists and forms of the admin, which test_accessibility.py opens.
ADMIN = re.compile(r"/admin/\w+/\w+/(?:add/|[\w{}]+/change/)?\Z")


def test_every_page_fits_reports_no_error_and_is_accessible(walk):
    problems = []
    for place, page in walk(reduced_motion="reduce"):
        problems += [f"{place.name}, {each}" for each in [*misfits(page), *page.complaints]]
        if place.action is not None or not ADMIN.match(place.path):
            problems += [f"{place.name}, {each}" for each in barriers(page)]
    assert problems == [], "\n".join(problems)


def misfits(page):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        yield from (f"{width} px: {box}" for box in page.evaluate(OVERFLOW))
    levels = page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", HEADINGS)
    skips = any(after > before + 1 for before, after in pairwise(levels))
    if levels.count(1) != 1 or skips:
        yield f"headings {levels}"


def barriers(page):
    """What axe finds. It adds style elements, which the content policy reports."""
    page.evaluate(AXE)  # not a script element: the content policy forbids it
    for width in (1280, 390):  # the width at which `misfits` ends, and another
        page.set_viewport_size({"width": width, "height": 800})
        for theme, rules in RULES.items():
            page.emulate_media(color_scheme=theme)
            yield from (f"{theme}, {width}: {each}" for each in page.evaluate(RUN, rules))
    page.emulate_media(color_scheme="light")
