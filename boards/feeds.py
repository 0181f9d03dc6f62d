"""RSS of what every guest may read: the whole site, and each board.

Whatever rows hold, what XML forbids stays out (attack case 48): one such character would break the
feed for everybody.
"""

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils.translation import gettext as _

from boards.models import Post
from boards.permissions import access
from boards.plaintext import without_unseen
from boards.richtext import excerpt
from boards.views.boards import find_board
from boardsite.models import SiteSettings

GUEST = AnonymousUser()
ITEMS = 20


class SiteFeed(Feed):
    """새글 of all boards."""

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
        return without_unseen(excerpt(post.body.html, 300))

    def item_author_name(self, post):
        return without_unseen(post.author_name)

    def item_pubdate(self, post):
        return post.created_at

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
