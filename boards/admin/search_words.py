"""인기검색어: how many are shown, and which are not."""

from django.contrib import admin

from boards.actions.telling import after_commit
from boards.models import BlockedSearchWord, SearchSettings
from boards.queries.search_words import popular_words
from boardsite.admin_actions import OneRowAdmin, OnlyAllowedActions


@admin.register(SearchSettings)
class SearchSettingsAdmin(OneRowAdmin, OnlyAllowedActions, admin.ModelAdmin):
    fields = ["popular_words"]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        after_commit(popular_words.forget)


@admin.register(BlockedSearchWord)
class BlockedSearchWordAdmin(OnlyAllowedActions, admin.ModelAdmin):
    """Added and taken away; nothing of them changes. `?word=` fills in the form."""

    fields = ["word"]
    list_display = ["word", "added_at"]
    search_fields = ["word"]
    list_per_page = 100

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        after_commit(popular_words.forget)

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        after_commit(popular_words.forget)

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        after_commit(popular_words.forget)
