"""The admin of content pages (내용관리)."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import is_owner
from boards.media.uploads import BadUpload
from boardsite.admin_actions import OnlyAllowedActions
from boardsite.limits.rate_limit import TooMany
from pages.actions.content import delete_content_page, edit_content_page, write_content_page
from pages.actions.content_pictures import store_content_picture
from pages.forms.content import ContentPageForm
from pages.models import ContentPage, MenuItem


@admin.register(ContentPage)
class ContentPageAdmin(OnlyAllowedActions, admin.ModelAdmin):
    keywords = "회사소개 페이지 추가"
    form = ContentPageForm
    list_display = ["title", "address", "is_published", "visibility", "is_in_footer", "position"]
    list_filter = ["is_published", "visibility"]
    search_fields = ["title", "slug"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "html", "is_published", "seen"]}),
        (_("볼 수 있는 사람"), {"fields": ["visibility", "minimum_level"]}),
        (_("링크"), {"fields": ["is_in_footer", "position"]}),
    ]

    @admin.display(description=_("주소"), ordering="slug")
    def address(self, page: ContentPage) -> str:
        return format_html('<a href="{0}">{0}</a>', page.get_absolute_url())

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def save_model(self, request, obj, form, change):
        if change:
            edit_content_page(page=obj, by=request.user, **form.arguments())
        else:
            written = write_content_page(by=request.user, **form.arguments())
            obj.pk, obj._state.adding = written.pk, False

    def response_add(self, request, obj, post_url_continue=None):
        response = super().response_add(request, obj, post_url_continue)
        self._offer_menu(request, obj)
        return response

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        self._offer_menu(request, obj)
        return response

    def _offer_menu(self, request, page: ContentPage) -> None:
        """The next step of an owner: a page without a link is found by nobody."""
        if not (page.is_published and is_owner(request.user)) or page.is_in_footer:
            return
        if MenuItem.objects.filter(page=page).exists():
            return
        address = reverse("admin:pages_menuitem_add", args=[MenuItem.Kind.PAGE])
        offer = format_html(
            '{} <a href="{}?page={}">{}</a>',
            _t("이 페이지로 가는 링크가 아직 없습니다."),
            address,
            page.pk,
            _t("메뉴에 넣기"),
        )
        self.message_user(request, offer, messages.INFO)

    def delete_model(self, request, obj):
        delete_content_page(page=obj)

    def delete_queryset(self, request, queryset):
        for page in queryset:
            delete_content_page(page=page)

    def history_view(self, request, object_id, extra_context=None):
        """The site's page of the edits, which also shows differences."""
        page = self.get_object(request, unquote(object_id))
        if page is None or not self.has_change_permission(request, page):
            return super().history_view(request, object_id, extra_context)
        return redirect("show_content_history", page.slug)

    # -- pictures -----------------------------------------------------------------------------
    def get_urls(self):
        view = self.admin_site.admin_view(self.upload_picture_view)
        own = path("upload-picture/", view, name="pages_contentpage_upload_picture")
        return [own, *super().get_urls()]

    def upload_picture_view(self, request):
        """A picture from the editor: 201 with `location`, or a `message`."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        try:
            upload = request.FILES.get("file")
            if upload is None:
                raise BadUpload(_("파일이 오지 않았습니다. 다시 올려 주세요."))
            picture = store_content_picture(uploader=request.user, upload=upload)
        except TooMany as refusal:
            wait = {"Retry-After": str(refusal.retry_after)}
            return JsonResponse({"message": refusal.message}, status=refusal.status, headers=wait)
        except BadUpload as problem:
            return JsonResponse({"message": str(problem)}, status=422)
        size = {"width": picture.width, "height": picture.height}
        return JsonResponse({"location": picture.url, **size}, status=201)
