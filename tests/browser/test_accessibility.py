"""axe-core finds nothing against WCAG 2.2 A and AA: every page, light and dark, wide and narrow."""

from pathlib import Path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RUN = """
async () => {
  const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
  const runOnly = { type: 'tag', values };
  const options = { runOnly, resultTypes: ['violations'], iframes: false };
  const { violations } = await axe.run(document, options);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`));
}
"""


def test_every_page_is_accessible(walk):
    problems = []
    for place, page in walk(reduced_motion="reduce"):
        page.evaluate(AXE)  # not a script element: the content policy allows none from elsewhere
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 800})
                where = f"{place.name}, {theme}, {width}: "
                problems += [where + problem for problem in page.evaluate(RUN)]
    assert problems == [], "\n".join(problems)
