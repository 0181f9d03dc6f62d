"""Pages do not shift, and are small. That each of them fits: test_every_page.py."""

import gzip

import pytest

from tests.browser.steps import expect

HEAVIEST = 100_000  # bytes of a first page without its pictures
SHIFT = 0.02  # cumulative layout shift; "good" ends at 0.1

SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.mark.parametrize("path", ["/", "/free/", "/gallery/", "/free/{post}/"])
def test_nothing_moves_while_a_page_loads(path, open_page, site_data):
    for width in (1280, 390):
        page = open_page("about:blank", width=width)
        page.add_init_script(SHIFTS)
        page.goto(path.format(**site_data), wait_until="networkidle")
        page.wait_for_function(
            "[...document.images].every((i) => i.complete || i.loading == 'lazy')"
        )
        assert page.evaluate("window.shift") < SHIFT, width


@pytest.mark.parametrize("path", ["/", "/free/", "/free/{post}/"])
def test_a_first_page_is_light(path, open_page, site_data):
    page = open_page("about:blank")
    parts = []
    page.on("requestfinished", lambda request: parts.append(request))
    page.goto(path.format(**site_data), wait_until="networkidle")
    weights = {
        part.url: len(gzip.compress(part.response().body(), 6))
        for part in parts
        if "/files/" not in part.url
    }
    assert len(weights) > 5  # the page, styles, scripts, icons
    assert sum(weights.values()) < HEAVIEST, weights


def test_the_theme_is_switched_and_stored(open_page, post):
    page = open_page("/")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.get_by_role("button", name="밝은 화면과 어두운 화면 바꾸기").click()
    page.wait_for_function(f"{paper} !== {light!r}")
    dark = page.evaluate(paper)
    page.goto("/free/1/")
    button = page.get_by_role("button", name="밝은 화면과 어두운 화면 바꾸기")
    assert page.evaluate(paper) == dark
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    page.reload()
    assert page.evaluate(paper) == light


def test_reduced_motion_is_respected(open_page, site_data):
    page = open_page("/free/", reduced_motion="reduce")
    moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter((each) => {
      const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(each);
      const lasts = (times) => times.split(',').some((time) => parseFloat(time) > 0.001);
      return lasts(transitionDuration) || lasts(animationDuration) || scrollBehavior === 'smooth';
    }).map((each) => each.outerHTML.slice(0, 80))""")
    assert moving == []
