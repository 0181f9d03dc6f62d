"""axe-core finds nothing against WCAG 2.2 A and AA: every page, light and dark, wide and narrow."""

from pathlib import Path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = {
    "light": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    # Dark changes colours and nothing else; these rules are all that look at them.
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
RUN = """
async ([part, runOnly]) => {
  const options = { runOnly, resultTypes: ['violations'], iframes: false };
  const { violations } = await axe.run(part, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}
"""


def test_every_page_is_accessible(walk):
    problems = []
    for place, page in walk(reduced_motion="reduce"):
        page.evaluate(AXE)  # not a script element: the content policy allows none from elsewhere
        for theme, rules in RULES.items():
            page.emulate_media(color_scheme=theme)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 800})
                where = f"{place.name}, {theme}, {width}: "
                problems += [where + problem for problem in page.evaluate(RUN, [place.part, rules])]
    assert problems == [], "\n".join(problems)
