"""첫 화면과 옆 단: the owner arranges blocks and publishes them.

The list is a page of its own: the draft of both places, each with what can be added to it.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _t

from accounts.admin.owners import OwnersOnly
from pages.actions import blocks as actions
from pages.forms.blocks import FIELDS, BlockForm
from pages.models import Block
from pages.models.blocks import MOST_BLOCKS, kinds
from pages.queries.blocks import by_place, draft_differs

LIST = "admin:pages_block_changelist"
INITIAL = {Block.Kind.POPULAR: {"rows": 10}, Block.Kind.COMMENTS: {"rows": 8}}


@admin.register(Block)
class BlockAdmin(OwnersOnly, admin.ModelAdmin):
    keywords = "최신글 메인 화면 레이아웃 위젯 사이드"
    form = BlockForm

    def get_urls(self):
        operations: list[tuple[str, Callable]] = [
            ("move", self.move_view),
            ("order", self.order_view),
            ("fill", self.fill_view),
            ("publish", self.publish_view),
            ("discard", self.discard_view),
        ]
        own = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"pages_block_{name}")
            for name, view in operations
        ]
        return [*own, *super().get_urls()]

    # -- the list ----------------------------------------------------------------------------------
    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        drafts = by_place(Block.objects.drafts().select_related("board"))
        published = {*Block.objects.published().values_list("place", flat=True)}
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": self.opts.verbose_name_plural,
            "places": [
                {
                    "name": place.value,
                    "label": place.label,
                    "blocks": drafts[place],
                    "is_full": len(drafts[place]) >= MOST_BLOCKS,
                    "is_default": place.value not in published,
                }
                for place in Block.Place
            ],
            "kinds": kinds(),
            "most": MOST_BLOCKS,
            "differs": draft_differs(),
        }
        return TemplateResponse(request, "admin/pages/block/arrange.html", context)

    # -- one block ---------------------------------------------------------------------------------
    def get_queryset(self, request):
        return super().get_queryset(request).drafts()

    def add_view(self, request, form_url="", extra_context=None):
        """`?place=` and `?kind=` come from the list."""
        if not self._asked(request):
            return redirect(LIST)
        label = dict(kinds())[request.GET["kind"]]
        more = {"title": _t("%s 추가") % label, "show_save_and_add_another": False}
        return super().add_view(request, form_url, more | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        more = {"show_save_and_add_another": False}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    @staticmethod
    def _asked(request: HttpRequest) -> dict[str, str]:
        asked = {name: request.GET.get(name, "") for name in ("place", "kind")}
        is_known = asked["place"] in Block.Place and asked["kind"] in dict(kinds())
        return asked if is_known else {}

    def get_fields(self, request, obj=None):
        kind = obj.kind if obj else self._asked(request)["kind"]
        return [*FIELDS[kind], "devices"]

    def get_changeform_initial_data(self, request):
        return INITIAL.get(self._asked(request)["kind"], {})

    def save_model(self, request, obj, form, change):
        if change:
            if form.changed_data:
                obj.save(update_fields=form.changed_data)
            return
        for name, value in self._asked(request).items():
            setattr(obj, name, value)
        try:
            actions.add_block(block=obj)
        except actions.TooManyBlocks:
            raise PermissionDenied(_t("블록은 %d개까지 놓을 수 있습니다.") % MOST_BLOCKS) from None

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        if not Block.objects.drafts().filter(place=obj.place).exists():
            words = _t("마지막 블록을 지웠습니다. 이대로 게시하면 기본 구성이 보입니다: %s")
            self.message_user(request, words % obj.get_place_display(), messages.WARNING)

    # -- the draft ---------------------------------------------------------------------------------
    def move_view(self, request):
        """`up` or `down` holds the id of the block."""
        return self._do(request, self._move)

    def _move(self, request):
        for name, by in (("up", -1), ("down", 1)):
            block = self.get_object(request, request.POST.get(name, ""))
            if block is not None:
                actions.move_block(block=block, by=by)

    def order_view(self, request):
        """`ids`: the blocks of a place in their new order, as dragging leaves them."""
        return self._do(request, self._order)

    def _order(self, request):
        ids = [int(pk) for pk in request.POST.get("ids", "")[:1000].split(",") if pk.isdecimal()]
        actions.order_blocks(place=request.POST.get("place", ""), ids=ids)

    def fill_view(self, request):
        return self._do(request, self._fill)

    def _fill(self, request):
        place = request.POST.get("place", "")
        if place in Block.Place:
            actions.add_default_blocks(place=place)
            words = _t("지금 보이는 구성을 가져왔습니다. 순서를 바꾸거나 블록을 더해 보세요.")
            self.message_user(request, words, messages.SUCCESS)

    def publish_view(self, request):
        """Publishes the blocks alone; the bar of the preview publishes the look too."""
        return self._do(request, self._publish)

    def _publish(self, request):
        actions.publish_blocks()
        words = _t("게시했습니다. 이제 모두에게 이렇게 보입니다.")
        self.message_user(request, words, messages.SUCCESS)

    def discard_view(self, request):
        return self._do(request, self._discard)

    def _discard(self, request):
        actions.discard_block_drafts()
        self.message_user(request, _t("게시한 모습으로 되돌렸습니다."), messages.SUCCESS)

    def _do(self, request: HttpRequest, operation: Callable[[Any], None]) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        operation(request)
        return redirect(LIST)
