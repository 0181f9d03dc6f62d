"""인기검색어: how many words are shown, and which ones never are."""

from django.contrib import admin

from boards.actions.commits import after_commit
from boards.models import BlockedSearchWord, SearchSettings
from boards.queries.search_words import known_popular
from boardsite.admin_actions import OneRowAdmin, OnlyAllowedActions


@admin.register(SearchSettings)
class SearchSettingsAdmin(OneRowAdmin, OnlyAllowedActions, admin.ModelAdmin):
    keywords = "인기검색어관리"
    fields = ["popular_words"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        after_commit(known_popular.forget)


@admin.register(BlockedSearchWord)
class BlockedSearchWordAdmin(OnlyAllowedActions, admin.ModelAdmin):
    """Words can be added and deleted, not changed. `?word=` prefills the form."""

    keywords = "인기검색어관리 금지 검색어"
    fields = ["word"]
    list_display = ["word", "added_at"]
    search_fields = ["word"]
    list_per_page = 100

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        after_commit(known_popular.forget)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        after_commit(known_popular.forget)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        after_commit(known_popular.forget)
