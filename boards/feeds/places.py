"""The feeds of the site. The board's `feed_text` decides how much of a post they contain.

Characters that XML forbids are removed (attack case 48), because one of them would make the whole
feed invalid. Conditional requests get 304. Addresses are those of settings.SITE_URL whatever the
request's host is, because the hub knows no others.
"""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import SyndicationFeed
from django.utils.html import escape, format_html
from django.utils.http import http_date
from django.utils.translation import gettext as _

from boards.feeds import formats
from boards.models import Board, BoardGroup, Post
from boards.permissions import access
from boards.queries.tags import tagged_posts
from boards.views.finding import find_board
from boardsite.caching import page_cache
from boardsite.caching.versions import ALL
from boardsite.models import SiteSettings
from boardsite.text.addresses import with_absolute_addresses
from boardsite.text.plaintext import without_unseen
from boardsite.text.richtext import excerpt

GUEST = AnonymousUser()
ITEMS = 20
EXCERPT_LENGTH = 300  # characters


class SiteFeed(Feed):
    """새글: the newest posts of all boards, as RSS."""

    feed_type: type[SyndicationFeed] = formats.Rss
    route = "site_feed"
    item_guid_is_permalink = False

    def __call__(self, request, *args, **kwargs):
        about = self.get_object(request, *args, **kwargs)
        page_cache.cache_page(request, scope=about.pk if isinstance(about, Board) else ALL)
        feed = self.get_feed(about, request)
        response = HttpResponse(content_type=feed.content_type)
        feed.write(response, "utf-8")
        newest = int(feed.latest_post_date().timestamp())
        response.headers["Last-Modified"] = http_date(newest)
        etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        if hub := self.hub():  # WebSub subscribers look at the Link header first
            response.headers["Link"] = f'<{hub}>; rel="hub", <{self.feed_url(about)}>; rel="self"'
        # The page cache stores the whole feed and handles conditional requests itself.
        if page_cache.will_be_cached(request):
            return response
        return get_conditional_response(request, etag=etag, last_modified=newest, response=response)

    def title(self):
        return without_unseen(SiteSettings.load().name)

    def description(self):
        return without_unseen(SiteSettings.load().description)

    def link(self):
        return f"{settings.SITE_URL}/"

    def feed_url(self, about):
        return settings.SITE_URL + reverse(self.route, args=self.arguments(about))

    def arguments(self, about) -> list[str]:
        """The arguments with which `route` reverses to the address of this feed."""
        return []

    def hub(self) -> str:
        """The WebSub hub at which this feed can be subscribed to; "" if there is none."""
        return settings.WEBSUB_HUB

    def feed_extra_kwargs(self, about):
        return {"hub": self.hub()}

    def items(self):
        return self._newest(Post.objects.visible_to(GUEST))

    def item_title(self, post):
        return without_unseen(post.subject)

    def item_description(self, post):
        """Feed readers treat the description as HTML, in RSS and in Atom."""
        return escape(_excerpt(post))

    def item_link(self, post):
        return settings.SITE_URL + post.get_absolute_url()

    def item_author_name(self, post):
        return without_unseen(post.author_name)

    def item_guid(self, post):
        """Stays the same when the post is moved (RFC 4151)."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2025:post:{post.pk}"

    def item_pubdate(self, post):
        return post.created_at

    def item_updateddate(self, post):
        return post.edited_at or post.created_at

    def item_categories(self, post):
        return [without_unseen(post.board.name)]

    def item_extra_kwargs(self, post):
        origin = without_unseen(post.body.origin)
        return {"excerpt": _excerpt(post), "html": _html(post), "origin": origin}

    @staticmethod
    def _newest(posts, order="-id"):
        told = posts.exclude(board__feed_text=Board.FeedText.OFF)
        return told.select_related("board", "body", "poll").order_by(order)[:ITEMS]


class BoardFeed(SiteFeed):
    """The newest posts of one board."""

    route = "board_feed"

    def get_object(self, request, slug):
        board = find_board(slug)
        if not access(GUEST, board).read:
            raise Http404(_("손님이 읽을 수 있는 게시판만 RSS를 지원합니다."))
        if board.feed_text == Board.FeedText.OFF or board.is_inquiry:
            raise Http404(_("이 게시판은 피드를 내지 않습니다."))
        return board

    def title(self, board):
        return without_unseen(f"{board.name} | {SiteSettings.load().name}")

    def description(self, board):
        return without_unseen(board.description)

    def link(self, board):
        return settings.SITE_URL + board.get_absolute_url()

    def arguments(self, board):
        return [board.slug]

    def items(self, board):
        """Sorted by number, the order in which posts came into this board: a moved post is new
        here."""
        return self._newest(board.posts.visible_to(GUEST), "-number")


class GroupFeed(SiteFeed):
    """The newest posts of a group's boards."""

    route = "group_feed"

    def get_object(self, request, slug):
        return get_object_or_404(BoardGroup.objects.open_to(GUEST), slug=slug)

    def title(self, group):
        return without_unseen(f"{group.name} | {SiteSettings.load().name}")

    def description(self, group):
        return ""

    def link(self, group):
        return settings.SITE_URL + group.get_absolute_url()

    def arguments(self, group):
        return [group.slug]

    def items(self, group):
        return self._newest(Post.objects.visible_to(GUEST).filter(board__group=group))


class TagFeed(SiteFeed):
    """The newest posts with a tag; 404 if a guest finds none."""

    route = "tag_feed"

    def get_object(self, request, name):
        if not tagged_posts(GUEST, name).exists():
            raise Http404(_("이 태그가 붙은 글이 없습니다."))
        return name

    def title(self, name):
        return without_unseen(f"#{name} | {SiteSettings.load().name}")

    def description(self, name):
        return ""

    def link(self, name):
        return settings.SITE_URL + reverse("show_tag", args=[name])

    def arguments(self, name):
        return [name]

    def hub(self):
        """None, because boards.actions.pinging does not notify the hub about feeds of tags."""
        return ""

    def items(self, name):
        return self._newest(tagged_posts(GUEST, name))


class InAtom(SiteFeed):
    """The same feed as Atom, which calls the description a subtitle."""

    feed_type = formats.Atom

    def subtitle(self, about):
        return self.description() if about is None else self.description(about)


class SiteAtom(InAtom, SiteFeed):
    route = "site_feed_atom"


class BoardAtom(InAtom, BoardFeed):
    route = "board_feed_atom"


class GroupAtom(InAtom, GroupFeed):
    route = "group_feed_atom"


class TagAtom(InAtom, TagFeed):
    route = "tag_feed_atom"


class SiteJson(SiteFeed):
    feed_type = formats.Json
    route = "site_feed_json"


class BoardJson(BoardFeed):
    feed_type = formats.Json
    route = "board_feed_json"


class GroupJson(GroupFeed):
    feed_type = formats.Json
    route = "group_feed_json"


class TagJson(TagFeed):
    feed_type = formats.Json
    route = "tag_feed_json"


def _is_told(post: Post, *amounts: str) -> bool:
    """Whether the board's feed_text is one of `amounts`. Always false for a post that costs points."""
    return post.board.feed_text in amounts and access(GUEST, post.board).is_free(post)


def _excerpt(post: Post) -> str:
    """Plain text."""
    if not _is_told(post, Board.FeedText.EXCERPT, Board.FeedText.FULL):
        return ""
    text = excerpt(post.body.html, EXCERPT_LENGTH)
    if hasattr(post, "poll"):
        text = f"{text} [{_('설문')}] {post.poll.question}".lstrip()
    return without_unseen(text)


def _html(post: Post) -> str:
    if not _is_told(post, Board.FeedText.FULL):
        return ""
    here = settings.SITE_URL + post.get_absolute_url()
    html = with_absolute_addresses(post.body.html, here)
    if hasattr(post, "poll"):
        poll = '<p>[{}] <a href="{}#poll">{}</a></p>'
        html += format_html(poll, _("설문"), here, post.poll.question)
    return without_unseen(html)
