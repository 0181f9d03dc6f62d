"""RSS and Atom of what every guest may read: the whole site, a board, a group, a tag.

Whatever rows hold, what XML forbids stays out (attack case 48): one such character would break the
feed for everybody. An unchanged feed answers 304 to a reader that has it.
"""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import parse_http_date_safe
from django.utils.translation import gettext as _

from boards.models import BoardGroup, Post
from boards.permissions import access
from boards.queries.tags import tagged_posts
from boards.text.plaintext import without_unseen
from boards.text.richtext import excerpt
from boards.views.boards import find_board
from boardsite.models import SiteSettings

GUEST = AnonymousUser()
ITEMS = 20


class SiteFeed(Feed):
    """새글 of all boards."""

    item_guid_is_permalink = False

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        newest = parse_http_date_safe(response.get("Last-Modified", ""))
        return get_conditional_response(request, etag=etag, last_modified=newest, response=response)

    def title(self):
        return without_unseen(SiteSettings.load().name)

    def description(self):
        return without_unseen(SiteSettings.load().description)

    def link(self):
        return "/"

    def items(self):
        return self._newest(Post.objects.visible_to(GUEST))

    def item_title(self, post):
        return without_unseen(post.subject)

    def item_description(self, post):
        if not access(GUEST, post.board).is_free(post):
            return ""
        return without_unseen(excerpt(post.body.html, 300))

    def item_author_name(self, post):
        return without_unseen(post.author_name)

    def item_guid(self, post):
        """The same wherever the post is moved to (RFC 4151)."""
        return f"tag:{urlsplit(settings.SITE_URL).hostname},2025:post:{post.pk}"

    def item_pubdate(self, post):
        return post.created_at

    def item_updateddate(self, post):
        return post.edited_at or post.created_at

    def item_categories(self, post):
        return [without_unseen(post.board.name)]

    @staticmethod
    def _newest(posts):
        return posts.select_related("board", "body").newest_first()[:ITEMS]


class BoardFeed(SiteFeed):
    """The newest posts of one board."""

    def get_object(self, request, slug):
        board = find_board(slug)
        if not access(GUEST, board).read:
            raise Http404(_("비회원 읽기가 가능한 게시판만 RSS 지원합니다."))
        return board

    def title(self, board):
        return without_unseen(f"{board.name} | {SiteSettings.load().name}")

    def description(self, board):
        return without_unseen(board.description)

    def link(self, board):
        return board.get_absolute_url()

    def items(self, board):
        return self._newest(board.posts.visible_to(GUEST))


class GroupFeed(SiteFeed):
    """The newest posts of a group's boards."""

    def get_object(self, request, slug):
        return get_object_or_404(BoardGroup.objects.open_to(GUEST), slug=slug)

    def title(self, group):
        return without_unseen(f"{group.name} | {SiteSettings.load().name}")

    def description(self, group):
        return ""

    def link(self, group):
        return group.get_absolute_url()

    def items(self, group):
        return self._newest(Post.objects.visible_to(GUEST).filter(board__group=group))


class TagFeed(SiteFeed):
    """The newest posts with a tag; 404 where a guest finds none."""

    def get_object(self, request, name):
        if not tagged_posts(GUEST, name).exists():
            raise Http404(_("이 태그가 붙은 글이 없습니다."))
        return name

    def title(self, name):
        return without_unseen(f"#{name} | {SiteSettings.load().name}")

    def description(self, name):
        return ""

    def link(self, name):
        return reverse("show_tag", args=[name])

    def items(self, name):
        return self._newest(tagged_posts(GUEST, name))


class Atom:
    """The same feed in Atom, which calls the description a subtitle."""

    feed_type = Atom1Feed

    def subtitle(self, about):
        return self.description() if about is None else self.description(about)


class SiteAtom(Atom, SiteFeed):
    pass


class BoardAtom(Atom, BoardFeed):
    pass


class GroupAtom(Atom, GroupFeed):
    pass


class TagAtom(Atom, TagFeed):
    pass
