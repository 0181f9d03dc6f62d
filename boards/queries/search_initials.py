"""Search by initial consonants (ㄱㅈㅁ: 가자미) in the titles of the newest posts.

No index holds them: they would add as many terms to each title as it has syllables. The database
reads REACH titles from the newest one down instead, some hundredths of a second.
"""

import re

from django.db.models import Max

from accounts.permissions import Visitor
from boards import search
from boards.models import Post
from boards.queries.search import Found, Places, found_in, readable_posts, rows_of_posts
from boardsite.text import jamo, korean

REACH = 20_000  # posts, counted by their ids


def find_by_initials(
    visitor: Visitor, query: str, *, field: str, places: Places, page: int, size: int
) -> Found:
    """A page of posts whose titles have words with the initials of `query`, newest first."""
    pattern = jamo.pattern_of_initials(query)
    newest = Post.objects.aggregate(newest=Max("pk"))["newest"] or 0
    posts = readable_posts(visitor).filter(pk__gt=newest - REACH, subject__regex=pattern)
    if len(places.boards) == 1:
        posts = posts.filter(board=places.boards[0])
    ids = list(posts.newest_first().values_list("pk", flat=True)[: search.COUNT_CAP + 1])
    is_capped = len(ids) > search.COUNT_CAP
    shown = ids[(page - 1) * size : page * size]
    results = search.Results(shown, min(len(ids), search.COUNT_CAP), is_capped)
    by_pk = posts.in_bulk(shown)

    def shown_in(text: str) -> list[str]:
        hit = re.search(pattern, korean.fold(text))
        return hit[0].split() if hit else []

    rows = rows_of_posts(visitor, [by_pk[pk] for pk in shown if pk in by_pk], places, shown_in)
    return found_in(rows, results)
