"""What a board says in advance: the template of a new post."""

from boards.models import BoardTexts, PostBody
from boards.permissions import Access
from boardsite.text import richtext


def template_of(can: Access) -> dict[str, str]:
    """The initial body of a new post: `source` and `format`."""
    template = BoardTexts.of(can.board).template
    if not template:
        return {"format": PostBody.Format.TEXT}
    if not can.html:
        return {"format": PostBody.Format.TEXT, "source": richtext.text_of(template)}
    return {"format": PostBody.Format.HTML, "source": template}
