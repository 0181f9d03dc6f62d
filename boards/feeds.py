"""RSS of what every guest may read: the whole site, and each board."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils.translation import gettext as _

from boards.models import Post
from boards.permissions import access
from boards.richtext import excerpt
from boards.views.boards import find_board
from boardsite.models import SiteSettings

GUEST = AnonymousUser()
ITEMS = 20


class SiteFeed(Feed):
    """새글 of all boards."""

    def title(self):
        return SiteSettings.load().name

    def description(self):
        return SiteSettings.load().description

    def link(self):
        return "/"

    def items(self):
        return self._newest(Post.objects.visible_to(GUEST))

    def item_title(self, post):
        return post.subject

    def item_description(self, post):
        return excerpt(post.body.html, 300)

    def item_author_name(self, post):
        return post.author_name

    def item_pubdate(self, post):
        return post.created_at

    def item_categories(self, post):
        return [post.board.name]

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
        return f"{board.name} | {SiteSettings.load().name}"

    def description(self, board):
        return board.description

    def link(self, board):
        return board.get_absolute_url()

    def items(self, board):
        return self._newest(board.posts.visible_to(GUEST))
