"""The tables of sample/README.md, which say what every row of the sample is."""

from dataclasses import dataclass
from pathlib import Path

README = Path(__file__).parent / "sample" / "README.md"


@dataclass(frozen=True)
class Row:
    """A post or a comment as the README describes it."""

    board: str
    id: str
    kind: str
    letters: str
    post: str
    category: str
    option: str
    text: str
    author: str
    name: str
    at: str
    hits: int

    @property
    def is_comment(self) -> bool:
        return self.kind.startswith("comment")


def rows() -> list[Row]:
    found, board = [], ""
    in_rows = False
    for line in README.read_text("utf-8").splitlines():
        if line.startswith("## "):
            in_rows = line.startswith("## Posts and comments")
        elif in_rows and line.startswith("### "):
            board = line[4:].strip()
        elif in_rows and line.startswith("| ") and line[2].isdigit():
            cells = [each.strip() for each in line.strip("|\n").split(" | ")]
            cells = [each.strip("| ") for each in cells]
            id, kind, _num, letters, post, _comment, comment_letters, category, option = cells[:9]
            text, author, name, at, hits = cells[9:14]
            letters = letters or comment_letters
            found.append(
                Row(
                    board,
                    id,
                    kind,
                    letters,
                    post,
                    category,
                    option,
                    text,
                    author,
                    name,
                    at,
                    int(hits),
                )
            )
    return found
