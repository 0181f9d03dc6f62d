"""What this site knows about changes that were made here after the import, which explain differences."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from itertools import islice

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone

from accounts.models import Member, MemberEvent
from boards.models import PostView
from boardsite.models import ChoreRun
from importer.models import Imported, Kind

COMMAND = "import_gnuboard5"
BATCH = 500
FAR = 1_000_000_000

EDITED = "여기에서 고친 것입니다."
REMOVED = "여기에서 지우거나 숨긴 것입니다."
WRITTEN = "옮긴 뒤에 여기에서 새로 쓴 것입니다."
USED = "옮긴 뒤에 이 사이트에 로그인한 회원이 한 것입니다."
IN_ADMIN = "옮긴 뒤에 관리자 화면에서 고친 것입니다."
GONE_THERE = "가져온 뒤에 옛 사이트에서 지운 것입니다. 여기에는 남아 있습니다."
READ_HERE = "옮긴 뒤에 여기에서도 읽은 만큼 늘었습니다."
CUT = "이 사이트의 길이 제한까지만 가져왔습니다."
NO_TIME = "옛 사이트에 올바른 시각이 없습니다."
NUMBERS = "이 사이트가 받는 범위 안의 수로 고쳤습니다."


class Here:
    """This site. `ended_at` is the newest time in the copy of the old one."""

    def __init__(self, ended_at: datetime):
        self.ended_at = ended_at
        self.members = Pairs(Kind.MEMBER)

    @cached_property
    def logged_in(self) -> frozenset[int]:
        """Members who have logged in here: whatever they did may have changed their rows."""
        rows = Member.objects.filter(last_login__gt=self.ended_at)
        return frozenset(rows.values_list("pk", flat=True))

    def has_logged_in(self, member: int | None) -> bool:
        """Also true for members who joined here."""
        return member is not None and (member in self.logged_in or member not in self.members.ids)

    @cached_property
    def is_older_import(self) -> bool:
        """Whether the last import ended before today, so that today's readers are not all."""
        ended = ChoreRun.objects.filter(name=COMMAND).values_list("ended_at", flat=True).first()
        return ended is not None and timezone.localdate(ended) < timezone.localdate()

    def readers(self, posts: Iterable[int]) -> dict[int, int]:
        """How often posts can have been read here: today's readers, or without limit since earlier days."""
        posts = list(posts)
        if self.is_older_import:
            return dict.fromkeys(posts, FAR)
        counts: dict[int, int] = {}
        for post in PostView.objects.filter(post__in=posts).values_list("post_id", flat=True):
            counts[post] = counts.get(post, 0) + 1
        return counts

    def in_admin(self, row: Model) -> str:
        """IN_ADMIN if somebody has changed this row in the admin, else ""."""
        kind = ContentType.objects.get_for_model(row)
        entries = LogEntry.objects.filter(
            content_type=kind, object_id=str(row.pk), action_flag=CHANGE
        )
        return IN_ADMIN if entries.exists() else ""

    def event(self, member: Member, *kinds: str) -> str:
        """EDITED if the member's record has one of these events."""
        return EDITED if MemberEvent.objects.filter(member=member, kind__in=kinds).exists() else ""


class Pairs:
    """Which row of one kind became which: of the ledger, but without its digests. Sixteen bytes a row."""

    def __init__(self, kind: Kind, board: int = 0):
        self.kind, self.board = kind, board

    @cached_property
    def ids(self) -> "Ids":
        """Our ids of all imported rows."""
        rows = Imported.objects.filter(kind=self.kind, board=self.board)
        return Ids(rows.values_list("new", flat=True).iterator())

    def of(self, keys: Iterable[str]) -> dict[str, int]:
        """Our ids by the old keys."""
        rows = Imported.objects.filter(kind=self.kind, board=self.board, old__in=list(keys))
        return dict(rows.values_list("old", "new"))

    def batches(self) -> Iterator[list[str]]:
        """All old keys, in batches."""
        rows = Imported.objects.filter(kind=self.kind, board=self.board)
        keys = rows.values_list("old", flat=True).iterator()
        while batch := list(islice(keys, BATCH)):
            yield batch


class Ids:
    """A set of ids that takes eight bytes each."""

    def __init__(self, ids: Iterable[int]):
        self.ids = array("q", sorted(ids))

    def __contains__(self, pk: int) -> bool:
        at = bisect_left(self.ids, pk)
        return at < len(self.ids) and self.ids[at] == pk

    def __len__(self) -> int:
        return len(self.ids)
