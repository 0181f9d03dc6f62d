"""What a comparison has found: numbers of rows, sums, hashes of texts, and differences with their reasons."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

EXAMPLES = 20  # of each kind of difference
LONGEST = 120  # characters of a text in the report
SIGNS = 1 << 64


@dataclass
class Count:
    """Rows of one kind: there, and those of them that were found here."""

    there: int = 0
    here: int = 0


@dataclass
class Sum:
    """A sum over one column."""

    there: int = 0
    here: int = 0


@dataclass
class Texts:
    """The hashes of all texts of a kind, added up so that their order does not matter: as they were, as
    they should be after the documented changes, and as they are here."""

    before: int = 0
    after: int = 0
    here: int = 0


@dataclass
class Example:
    """One row with a difference. The values are shortened."""

    where: str
    there: str
    here: str


@dataclass
class Difference:
    """Differences of one sort. `reason` explains them; without one they are unexplained."""

    kind: str
    what: str
    reason: str
    count: int = 0
    examples: list[Example] = field(default_factory=list)


class Findings:
    """Collects what the checks find, in bounded memory."""

    def __init__(self) -> None:
        self.counts: dict[str, Count] = {}
        self.sums: dict[str, Sum] = {}
        self.texts: dict[str, Texts] = {}
        self.notes: list[str] = []
        self._differences: dict[tuple[str, str, str], Difference] = {}

    def count(self, kind: str, *, there: int = 0, here: int = 0) -> None:
        count = self.counts.setdefault(kind, Count())
        count.there += there
        count.here += here

    def add(self, name: str, there: int, here: int) -> None:
        """Adds to the sums of a column."""
        total = self.sums.setdefault(name, Sum())
        total.there += there
        total.here += here

    def read(self, kind: str, *, before: str, after: str, here: str) -> None:
        """Adds one text to the hashes."""
        texts = self.texts.setdefault(kind, Texts())
        texts.before = (texts.before + sign(before)) % SIGNS
        texts.after = (texts.after + sign(after)) % SIGNS
        texts.here = (texts.here + sign(here)) % SIGNS

    def note(self, sentence: str) -> None:
        """Something that the owner should know, which is no difference."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def differ(
        self, kind: str, what: str, where: str, there: object, here: object, reason: str = ""
    ) -> None:
        """`what` names what differs, `where` the row. Without a reason it is unexplained."""
        key = (kind, what, reason)
        found = self._differences.setdefault(key, Difference(kind, what, reason))
        found.count += 1
        if len(found.examples) < EXAMPLES:
            found.examples.append(Example(where, shortened(there), shortened(here)))

    def same(
        self, kind: str, what: str, where: str, there: object, here: object, reason: str = ""
    ) -> bool:
        """Whether both are equal; if not, it is a difference."""
        if there == here:
            return True
        self.differ(kind, what, where, there, here, reason)
        return False

    @property
    def unexplained(self) -> list[Difference]:
        return [each for each in self._differences.values() if not each.reason]

    @property
    def explained(self) -> list[Difference]:
        return [each for each in self._differences.values() if each.reason]

    def __iter__(self) -> Iterator[Difference]:
        return iter([*self.unexplained, *self.explained])


def sign(text: str) -> int:
    """A 64-bit hash of a text."""
    raw = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(raw)


def shortened(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
