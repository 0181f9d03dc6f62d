"""A sample of old addresses over HTTP: each leads by one redirect to the page that it named."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from accounts.models import Member
from accounts.queries.points import are_on
from boards.models import Attachment, Board, Category, Comment
from importer.models import Imported, Kind, slug_key
from importer.proving.browser import Browser, browser_of, shown_status
from importer.proving.here import Pairs
from importer.proving.proof import Proof
from importer.proving.there import integer, key_number, parts
from importer.reading.staging import Found

KIND = "옛 주소"
OF_BOARD = 6  # posts and comments of each board
ROWS = 5  # of other kinds

Asked = tuple[str, str]
"""An old address, and the path and query here; "" for one that must lead nowhere (404 or 410)."""


def check_addresses(proof: Proof) -> Iterator[int]:
    """As the owner sees them, to whom everything is open."""
    owner = Member.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    for find in _PLACES:
        asked = list(find(proof))
        with browser_of(owner) as browser:
            for there, here in asked:
                _compare(proof, browser, there, here)
        yield len(asked)
    for name, _row, board in proof.boards():
        if proof.there.has(f"write_{name}"):
            asked = [*_of_board(proof, name, board)]
            with browser_of(owner) as browser:
                for there, here in asked:
                    _compare(proof, browser, there, here)
            yield len(asked)


def _compare(proof: Proof, browser: Browser, there: str, here: str) -> None:
    find = proof.findings
    find.count(KIND, there=1)
    response = browser.get(there)
    status, place = response.status_code, response.headers.get("Location", "")
    if not here:
        if status not in (404, 410):
            find.differ(KIND, "없던 주소가 열립니다", there, "404", f"{status} {place}")
        else:
            find.count(KIND, here=1)
        return
    if status == 200 and _key(there) == _key(here):
        find.count(KIND, here=1)  # the address has stayed what it was
        return
    if status != 301:
        find.differ(KIND, "옛 주소가 이어지지 않습니다", there, here, f"{status} {place}")
    elif _key(place) != _key(here):
        find.differ(KIND, "옛 주소가 다른 곳으로 갑니다", there, here, place)
    elif (after := browser.get(place.partition("#")[0])).status_code not in browser.opens:
        what = "옛 주소가 이어진 곳이 열리지 않습니다"
        find.differ(KIND, what, there, place, shown_status(after))
    else:
        find.count(KIND, here=1)


def _key(address: str) -> tuple[str, list[tuple[str, str]], str]:
    parts = urlsplit(address)
    return unquote(parts.path).rstrip("/"), sorted(parse_qsl(parts.query)), parts.fragment


# -- Boards ----------------------------------------------------------------------------------------
def _of_board(proof: Proof, name: str, board: Board) -> Iterator[Asked]:
    ask, home = f"/bbs/board.php?bo_table={name}", f"/{board.slug}/"
    is_same = board.slug == name  # else the site itself has pages at the short addresses
    yield ask, home
    yield f"/bbs/rss.php?bo_table={name}", f"{home}feed/" if _is_public(proof, name) else ""
    for category in parts(proof.there.boards[name].get("bo_category_list", ""), "|")[:2]:
        found = Category.objects.filter(board=board, name=category[:20]).first()
        if found and integer(proof.there.boards[name], "bo_use_category"):
            yield f"{ask}&{urlencode({'sca': category})}", f"{home}?category={found.pk}"
    for row in _some(proof, name, is_comment=0):
        number = key_number(row["wr_id"])
        if not board.posts.published().filter(number=number).exists():
            continue
        yield f"{ask}&wr_id={number}", f"{home}{number}/"
        title = row.get("wr_seo_title", "") if is_same else ""
        if is_same:
            yield f"/{name}/{number}", f"{home}{number}/"
        if title and _is_alone(proof, name, title):
            yield f"/{name}/{quote(title)}/", f"{home}{number}/"
    pairs = Pairs(Kind.COMMENT, board.pk)
    for row in _some(proof, name, is_comment=1):
        pk = pairs.of([row["wr_id"]]).get(row["wr_id"])
        comment = Comment.objects.published().filter(pk=pk or 0, post__state="published").first()
        if comment is not None:
            number = key_number(row["wr_parent"])
            here = f"{home}{number}/?comment={comment.pk}#comment-{comment.pk}"
            yield f"{ask}&wr_id={row['wr_id']}", here
    yield f"{ask}&wr_id={proof.there.highest(name) + 1_000}", ""


def _is_public(proof: Proof, name: str) -> bool:
    """Whether guests may read a board, and so its feed."""
    row = proof.there.boards[name]
    groups = proof.there.select("group", "gr_id = ?", [row["gr_id"]])
    is_private = any(integer(group, "gr_use_access") for group in groups)
    levels = (integer(row, "bo_list_level", 1), integer(row, "bo_read_level", 1))
    has_feed = integer(row, "bo_use_rss_view", 1) != 0
    return has_feed and not is_private and max(levels) <= 1 and not row.get("bo_use_cert")


def _is_alone(proof: Proof, name: str, title: str) -> bool:
    """Whether one post alone has the title, so that its address is clear."""
    posts = proof.there.select(f"write_{name}", "wr_seo_title = ?", [title], most=3)
    return len(posts) == 1 and not title.isdigit()


def _some(proof: Proof, name: str, *, is_comment: int) -> Iterator[Found]:
    """Posts or comments from the whole board."""
    last = proof.there.highest(name)
    seen = set()
    for step in range(OF_BOARD):
        for row in proof.there.select(
            f"write_{name}",
            "CAST(wr_is_comment AS INTEGER) = ? AND CAST(wr_id AS INTEGER) >= ?",
            [is_comment, 1 + last * step // OF_BOARD],
            most=1,
        ):
            if row["wr_id"] not in seen:
                seen.add(row["wr_id"])
                yield row


# -- The rest --------------------------------------------------------------------------------------
def _pages(proof: Proof) -> Iterator[Asked]:
    yield "/index.php", "/"
    yield "/bbs/new.php", "/new/"
    yield "/bbs/memo.php?kind=recv", "/messages/"
    yield "/bbs/scrap.php", "/scraps/"
    if are_on():  # otherwise there is no such page
        yield "/bbs/point.php", "/points/"
    yield "/bbs/search.php?" + urlencode({"stx": "안녕"}), "/search/?" + urlencode({"q": "안녕"})
    yield "/bbs/board.php?bo_table=no_such_board", ""
    for batch in proof.there.rows("group"):
        for row in batch[:ROWS]:
            if any(board["gr_id"] == row["gr_id"] for board in proof.there.boards.values()):
                yield f"/bbs/group.php?gr_id={row['gr_id']}", f"/groups/{row['gr_id']}/"
        return


def _members(proof: Proof) -> Iterator[Asked]:
    for batch in proof.there.rows("member"):
        ids = proof.here.members.of(row["mb_id"].lower() for row in batch[: 4 * ROWS])
        for name, pk in list(ids.items())[:ROWS]:
            member = Member.objects.filter(pk=pk, left_at=None).first()
            if member is not None:
                yield (
                    f"/bbs/profile.php?{urlencode({'mb_id': name})}",
                    f"/members/{member.username}/",
                )
        return


def _files(proof: Proof) -> Iterator[Asked]:
    if proof.files is None:
        return
    for batch in proof.there.rows("board_file"):
        for row in [row for row in batch if row.get("bf_file")][:ROWS]:
            board = proof.board(row["bo_table"])
            key = f"{row['wr_id']}/{row['bf_no']}"
            pk = Pairs(Kind.FILE, board.pk).of([key]).get(key) if board else None
            file = Attachment.objects.filter(pk=pk or 0).first()
            if file is None:
                continue
            asked = {"bo_table": row["bo_table"], "wr_id": row["wr_id"], "no": row["bf_no"]}
            yield f"/bbs/download.php?{urlencode(asked)}", file.url
            path = f"file/{row['bo_table']}/{row['bf_file']}"
            shown = Imported.objects.filter(kind=Kind.PATH, old=slug_key(path)).first()
            same = Attachment.objects.filter(pk=shown.new).first() if shown else None
            if same is not None:
                yield f"/data/{quote(path)}", same.url
        return


_PLACES: tuple[Callable[[Proof], Iterator[Asked]], ...] = (_pages, _members, _files)
