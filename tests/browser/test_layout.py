"""Pages fit, stay still, complain of nothing, weigh little and are built in order."""

WIDTHS = (360, 390, 768, 1280, 1920)
HEAVIEST = 100_000  # bytes of a first page without its pictures
SHIFT = 0.02  # cumulative layout shift; "good" ends at 0.1

SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
# Boxes that reach over the edge, unless an ancestor scrolls or cuts them.
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


def test_every_page_fits_and_complains_of_nothing(walk):
    problems = []
    for place, page in walk():
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            problems += [f"{place.name}, {width} px: {box}" for box in page.evaluate(OVERFLOW)]
        problems += [f"{place.name}: {complaint}" for complaint in page.complaints]
    assert problems == [], "\n".join(problems)


def test_headings_are_in_order(walk):
    problems = []
    for place, page in walk():
        levels = page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", HEADINGS)
        skips = any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False))
        if levels.count(1) != 1 or skips:
            problems.append(f"{place.name}: {levels}")
    assert problems == [], "\n".join(problems)
