"""Formats the measurements as Markdown tables. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.comments import Writing
from bench.load import Figures

FLOOR = "floor"


@dataclass
class Measured:
    """One site of one size. `pages` as it serves them, `uncached` without its page cache."""

    title: str
    pages: dict[str, Figures] = field(default_factory=dict)
    uncached: dict[str, Figures] = field(default_factory=dict)
    queries: Mapping[str, int] = field(default_factory=dict)
    writings: list[Writing] = field(default_factory=list)
    memory: float = 0  # MiB at the end
    size: int = 0  # bytes of the database
    note: str = ""

    def built(self, page: str) -> Figures:
        """The figures without the page cache, if there are any."""
        return self.uncached.get(page, self.pages[page])


def tables(measured: Measured, floor: Figures | None) -> Iterator[str]:
    """All tables of one site; `floor` is our empty page, to which the others are compared."""
    yield f"\n## {measured.title}\n"
    yield from page_table(measured, floor)
    yield from _notes(measured)
    if measured.writings:
        yield ""
        yield from writing_table(measured.writings)


def page_table(measured: Measured, floor: Figures | None) -> Iterator[str]:
    yield from _table(
        "page | requests/s | × the floor | p50 ms | p99 ms | CPU ms | × the floor |"
        " not cached: requests/s | CPU ms | × the floor | queries | errors",
        (
            [
                name,
                f"{found.per_second:,.0f}",
                ratio(found.per_second, floor and floor.per_second, 2),
                f"{found.p50:.1f}",
                f"{found.p99:.1f}",
                _ms(found.cpu),
                ratio(found.cpu, floor and floor.cpu),
                *_uncached_cells(measured.uncached.get(name), floor),
                str(measured.queries.get(name, "")),
                str(found.errors),
            ]
            for name, found in measured.pages.items()
        ),
    )


def _uncached_cells(found: Figures | None, floor: Figures | None) -> list[str]:
    if found is None:
        return ["", "", ""]
    return [f"{found.per_second:,.0f}", _ms(found.cpu), ratio(found.cpu, floor and floor.cpu)]


def writing_table(writings: Iterable[Writing]) -> Iterator[str]:
    yield from _table(
        "writing a comment as a member | comments | mean ms | p50 ms | p99 ms | longest ms",
        (
            [
                each.name,
                str(len(each.times)),
                f"{each.mean:.1f}",
                f"{each.within(0.5):.1f}",
                f"{each.within(0.99):.1f}",
                f"{max(each.times):.1f}",
            ]
            for each in writings
        ),
    )


def _notes(measured: Measured) -> Iterator[str]:
    notes = []
    if measured.memory:
        notes.append(f"Memory of all its processes after the load: {measured.memory:.0f} MiB.")
    if measured.size:
        notes.append(f"Database: {measured.size / 1024**2:,.0f} MiB.")
    if measured.note:
        notes.append(measured.note)
    if notes:
        yield f"\n{' '.join(notes)}"


def against(ours: Measured, other: Measured) -> Iterator[str]:
    """Compares ours with another site, page by page, and names the slower pages."""
    shared = [name for name in ours.pages if name in other.pages]
    yield f"\n### {ours.title}: beside {other.title}\n"
    yield from _table(
        "page | ours, requests/s | not cached | theirs | × theirs | not cached × theirs |"
        " ours, CPU ms not cached | theirs",
        (
            [
                name,
                f"{ours.pages[name].per_second:,.0f}",
                f"{ours.built(name).per_second:,.0f}",
                f"{other.pages[name].per_second:,.1f}",
                ratio(ours.pages[name].per_second, other.pages[name].per_second),
                ratio(ours.built(name).per_second, other.pages[name].per_second),
                _ms(ours.built(name).cpu),
                _ms(other.pages[name].cpu),
            ]
            for name in shared
        ),
    )
    yield f"\n{worse(ours, other, shared)}"


def worse(ours: Measured, other: Measured, names: Sequence[str]) -> str:
    slower = [name for name in names if ours.pages[name].per_second < other.pages[name].per_second]
    uncached = [
        name for name in names if ours.built(name).per_second < other.pages[name].per_second
    ]
    words = f"Slower than theirs: {'; '.join(slower) or 'nothing measured'}."
    if more := [name for name in uncached if name not in slower]:
        words += f" Without the page cache also: {'; '.join(more)}."
    return words


def growth(sizes: Mapping[int, Measured]) -> Iterator[str]:
    """CPU of each uncached page at each size, and the ratio of the largest size to the smallest."""
    first, *_, last = sorted(sizes)
    pages = [
        name for name in sizes[first].pages if all(name in sizes[each].pages for each in sizes)
    ]
    heads = " | ".join(f"{size:,} posts, CPU ms" for size in sorted(sizes))
    yield f"\n## From {first:,} to {last:,} posts\n"
    yield from _table(
        f"page, not cached | {heads} | × the smallest",
        (
            [
                name,
                *(_ms(sizes[size].built(name).cpu) for size in sorted(sizes)),
                ratio(sizes[last].built(name).cpu, sizes[first].built(name).cpu, 2),
            ]
            for name in pages
        ),
    )


def ratio(figure: float, other: float | None, digits: int = 1) -> str:
    """`figure` as a multiple of `other`; '' if that is unknown."""
    return f"{figure / other:.{digits}f}" if figure and other else ""


def _ms(cpu: float) -> str:
    return f"{cpu:.2f}" if cpu else ""


def _table(head: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {head} |"
    yield f"|{'---|' * (head.count('|') + 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
