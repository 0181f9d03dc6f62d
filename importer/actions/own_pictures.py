"""Pictures and links in the texts of boards that were tables there: FAQ and 1:1 문의."""

from collections.abc import Callable, Iterator

from django.db import transaction

from boards.models import Post
from importer.actions.faq import QUESTION, source_of_question
from importer.actions.files import has_addresses, own_hosts, rewrite_body
from importer.actions.inquiries import INQUIRY, source_of_inquiry
from importer.actions.kept import Kept
from importer.actions.ledger import is_noted, note, note_here
from importer.models import Kind, known
from importer.reading.files import OldFiles
from importer.reading.site import OldSite
from importer.reading.staging import Found

KINDS: tuple[tuple[Kept, str, Callable[[Found], str]], ...] = (
    (QUESTION, "faq", source_of_question),
    (INQUIRY, "qa_content", lambda row: source_of_inquiry(row)[0]),
)


def import_pictures_of_own_boards(old: OldSite, files: OldFiles) -> Iterator[int]:
    """Stores the files that the texts show, and gives links to the site itself their new addresses; a text that
    has been edited here stays. Yields how many rows were looked at."""
    hosts = own_hosts(old)
    for kept, table, source_of in KINDS:
        for row in list(old.rows(table)):
            source, key = source_of(row), kept.key(row)
            noted = f"{table}/{key}"
            if has_addresses(source) and not is_noted(Kind.BODY, noted, row):
                ids = [each.new for each in known(kept.kind, [key]).values()]
                for post in Post.objects.filter(pk__in=ids).select_related("body"):
                    with transaction.atomic():
                        if rewrite_body(old, files, post, source, hosts):
                            note_here(kept, key, post)
                        note(Kind.BODY, noted, post.pk, row)
            yield 1
