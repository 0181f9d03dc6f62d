"""axe-core finds no violation of WCAG 2.2 A and AA on any page, light and dark, wide and narrow: here on
the lists and forms of the admin. test_every_page.py opens all others."""

from pathlib import Path

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tests.browser.admin_data import admin_pages, create_admin_data

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = {
    "light": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    # Dark mode changes only colours, and only these rules check them.
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
RUN = """
async (runOnly) => {
  const options = { runOnly, resultTypes: ['violations'], iframes: false };
  const { violations } = await axe.run(options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}
"""


SHARES = 2  # as in conftest.py, for the pages of the admin
# Links and buttons that are lower than 24 px, but for those in sentences; and what is too wide.
FITS = """
() => {
  const low = [...document.querySelectorAll('a, button, summary, input[type=submit]')].filter((each) => {
    const { width, height } = each.getBoundingClientRect();
    return width && height && height < 23.5 && !each.closest('p, dd, .help, .readonly, .visually-hidden, .tox');
  });
  const sentences = low.map((each) => `low: ${each.outerHTML.slice(0, 100)}`);
  const width = document.documentElement.scrollWidth;
  return width > innerWidth ? [...sentences, `${width} px wide`] : sentences;
}
"""


@pytest.mark.parametrize("share", range(SHARES))
def test_every_page_of_the_admin_is_accessible(open_page, full_site, minji, owner, share):
    """The lists and forms of all models, also of those that no line of places.py names."""
    create_admin_data(minji)
    request = RequestFactory().get("/admin/")
    request.user = owner
    page = open_page("about:blank", member=owner, reduced_motion="reduce")
    problems = []
    for name, argument in admin_pages(request)[share::SHARES]:
        path = reverse(name, args=[argument] if argument else [])
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")
        status = page.goto(path + ("?q=포인트" if name == "admin:search" else "")).status
        if status != 200:
            problems.append(f"{path}: {status}")
            continue
        if editors := page.locator("textarea[data-editor]").count():
            page.locator("iframe.tox-edit-area__iframe").nth(editors - 1).wait_for()
        problems += [f"{path}: {each}" for each in page.complaints]
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(AXE)
        problems += [f"{path}, light: {each}" for each in page.evaluate(RUN, RULES["light"])]
        page.set_viewport_size({"width": 390, "height": 800})
        problems += [f"{path}, 390: {each}" for each in page.evaluate(FITS)]
        page.emulate_media(color_scheme="dark")
        problems += [f"{path}, dark: {each}" for each in page.evaluate(RUN, RULES["dark"])]
        page.complaints.clear()  # of the style elements that axe adds
    assert problems == [], "\n".join(problems)
