"""The long texts of a board, whether it has any or not."""

from boards.models import Board, BoardTexts, PostBody
from boards.permissions import Access
from boards.text import richtext


def texts_of(board: Board) -> BoardTexts:
    """What the owner wrote for `board`; empty texts where there is no row. Costs no query where
    `texts` was joined."""
    return getattr(board, "texts", None) or BoardTexts(board=board)


def template_of(can: Access) -> dict[str, str]:
    """What stands in the body of a new post before anybody has typed: `source` and its `format`."""
    template = texts_of(can.board).template
    if not template:
        return {"format": PostBody.Format.TEXT}
    if not can.html:
        return {"format": PostBody.Format.TEXT, "source": richtext.text_of(template)}
    return {"format": PostBody.Format.HTML, "source": template}
