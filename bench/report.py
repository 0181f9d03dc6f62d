"""What was measured, as tables of Markdown. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.comments import Writing
from bench.load import Figures

FLOOR = "floor"


@dataclass
class Measured:
    """One site of one size. `pages` as it serves them, `anew` the same without its page cache."""

    title: str
    pages: dict[str, Figures] = field(default_factory=dict)
    anew: dict[str, Figures] = field(default_factory=dict)
    queries: Mapping[str, int] = field(default_factory=dict)
    writings: list[Writing] = field(default_factory=list)
    memory: float = 0  # MiB after all that
    size: int = 0  # bytes of the database
    note: str = ""

    def built(self, page: str) -> Figures:
        """The figures of a page that no cache has helped with, where there are such."""
        return self.anew.get(page, self.pages[page])


def tables(measured: Measured, floor: Figures | None) -> Iterator[str]:
    """All of one site; `floor` is our empty page, beside whose figures the others stand."""
    yield f"\n## {measured.title}\n"
    yield from page_table(measured, floor)
    yield from _said(measured)
    if measured.writings:
        yield ""
        yield from writing_table(measured.writings)


def page_table(measured: Measured, floor: Figures | None) -> Iterator[str]:
    yield from _table(
        "page | requests/s | × the floor | p50 ms | p99 ms | CPU ms | × the floor |"
        " built anew: requests/s | CPU ms | × the floor | queries | errors",
        (
            [
                name,
                f"{found.per_second:,.0f}",
                ratio(found.per_second, floor and floor.per_second, 2),
                f"{found.p50:.1f}",
                f"{found.p99:.1f}",
                _ms(found.cpu),
                ratio(found.cpu, floor and floor.cpu),
                *_anew_cells(measured.anew.get(name), floor),
                str(measured.queries.get(name, "")),
                str(found.errors),
            ]
            for name, found in measured.pages.items()
        ),
    )


def _anew_cells(found: Figures | None, floor: Figures | None) -> list[str]:
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


def _said(measured: Measured) -> Iterator[str]:
    said = []
    if measured.memory:
        said.append(f"Memory of all its processes after the load: {measured.memory:.0f} MiB.")
    if measured.size:
        said.append(f"Database: {measured.size / 1024**2:,.0f} MiB.")
    if measured.note:
        said.append(measured.note)
    if said:
        yield f"\n{' '.join(said)}"


def against(ours: Measured, other: Measured) -> Iterator[str]:
    """Ours beside another site's, page by page, and where it is slower."""
    shared = [name for name in ours.pages if name in other.pages]
    yield f"\n### {ours.title}: beside {other.title}\n"
    yield from _table(
        "page | ours, requests/s | built anew | theirs | × theirs | built anew × theirs |"
        " ours, CPU ms built anew | theirs",
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
    anew = [name for name in names if ours.built(name).per_second < other.pages[name].per_second]
    said = f"Slower than theirs: {'; '.join(slower) or 'nothing measured'}."
    if more := [name for name in anew if name not in slower]:
        said += f" Without the page cache also: {'; '.join(more)}."
    return said


def growth(sizes: Mapping[int, Measured]) -> Iterator[str]:
    """CPU of each page, built anew, at each size; and the largest's beside the smallest's."""
    first, *_, last = sorted(sizes)
    pages = [
        name for name in sizes[first].pages if all(name in sizes[each].pages for each in sizes)
    ]
    heads = " | ".join(f"{size:,} posts, CPU ms" for size in sorted(sizes))
    yield f"\n## From {first:,} to {last:,} posts\n"
    yield from _table(
        f"page, built anew | {heads} | × the smallest",
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
    """`figure` as so many times `other`; '' where that is not known."""
    return f"{figure / other:.{digits}f}" if figure and other else ""


def _ms(cpu: float) -> str:
    return f"{cpu:.2f}" if cpu else ""


def _table(head: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {head} |"
    yield f"|{'---|' * (head.count('|') + 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
