"""axe-core finds nothing against WCAG 2.2 A and AA: every page, light and dark, wide and narrow."""

import json
from pathlib import Path

import pytest

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = """
async (tags) => {
  const found = await axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'], iframes: false,
  });
  return found.violations.map((v) => [v.id, v.nodes.map((n) => [n.target.join(' '), n.failureSummary])]);
}
"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible(theme, width, walk):
    problems = []
    for place, page in walk(width=width, dark=theme == "dark", reduced_motion="reduce"):
        page.evaluate(AXE)  # not a script element: the content policy allows none from elsewhere
        for rule, nodes in page.evaluate(RUN, TAGS):
            problems += [f"{place.name}: {rule}: {target}: {why}" for target, why in nodes]
    assert problems == [], json.dumps(problems, ensure_ascii=False, indent=1)
