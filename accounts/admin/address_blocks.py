"""IP 차단: for owners only, who cannot block themselves."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import AddressBlock
from accounts.permissions import is_owner
from accounts.queries.address_blocks import known_blocks, read_address, read_network
from boardsite.admin_actions import NamedMoments
from boardsite.visitors.identity import client_address

SMALLEST = {4: 16, 6: 32}  # a shorter prefix blocks whole providers: allowed, with a warning


class AddressBlockForm(forms.ModelForm):
    here = ""  # the owner's own address, set by the admin

    class Meta:
        model = AddressBlock
        fields = ["network", "scope", "reason", "until"]

    def clean_network(self) -> str:
        """The normalised spelling of the range."""
        try:
            network = read_network(self.cleaned_data["network"])
        except ValueError as error:
            words = _("IP 주소나 범위가 아닙니다. 예: 203.0.113.7, 203.0.113.0/24, 2001:db8::/48")
            raise forms.ValidationError(words, code="invalid") from error
        own = read_address(self.here)
        if own is not None and own in network:
            own_words = _("지금 쓰시는 주소(%s)가 들어 있어 막을 수 없습니다.") % own
            raise forms.ValidationError(own_words, code="own")
        is_one = network.prefixlen == network.max_prefixlen
        return str(network.network_address) if is_one else str(network)

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until is not None and until <= timezone.now():
            raise forms.ValidationError(_("이미 지난 때입니다."), code="past")
        return until


@admin.register(AddressBlock)
class AddressBlockAdmin(NamedMoments, admin.ModelAdmin):
    keywords = "아이피 접근차단 접근가능 대역 네트워크"
    form = AddressBlockForm
    list_display = ["network", "scope", "reason", "until", "by", "created_at"]
    list_filter = ["scope"]
    list_select_related = ["by"]
    search_fields = ["network", "reason"]
    ordering = ["-pk"]

    def has_module_permission(self, request):
        return is_owner(request.user)

    def has_view_permission(self, request, obj=None):
        return is_owner(request.user)

    def has_add_permission(self, request):
        return is_owner(request.user)

    def has_change_permission(self, request, obj=None):
        return is_owner(request.user)

    def has_delete_permission(self, request, obj=None):
        return is_owner(request.user)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.here = client_address(request)  # Django creates the form class for each request
        return form

    def save_model(self, request, obj, form, change):
        if not change:
            obj.by = request.user
        super().save_model(request, obj, form, change)
        known_blocks.forget()
        network = read_network(obj.network)
        if network.prefixlen < SMALLEST[network.version]:
            words = _t("아주 넓은 범위(주소 %s개)를 막았습니다. 관계없는 사람도 들어오지 못합니다.")
            messages.warning(request, words % f"{network.num_addresses:,}")

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        known_blocks.forget()

    def delete_queryset(self, request, queryset):
        super().delete_queryset(request, queryset)
        known_blocks.forget()
