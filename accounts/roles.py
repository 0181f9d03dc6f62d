"""역할: what an owner lets members do for the site, each with one sentence. Pure, but for the apps.

An app's config says what it adds to a role: `role_rights = {"reports": ("boards.judge_reports",)}`.
Rights are named like Django's permissions, and `has_perm` answers for them
(accounts.backends). Some of them have no row in Django's table; they are for the site's own pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from boardsite.typing import StrOrPromise


@dataclass(frozen=True)
class Role:
    """`key` is stored with the member; no key is a part of another one."""

    key: str
    name: StrOrPromise
    sentence: StrOrPromise


STAFF = "staff"  # has the rights of all roles; only owners give it
GIVE = "accounts.give_roles"
ROLES = {
    role.key: role
    for role in (
        Role(
            STAFF,
            _("운영진"),
            _(
                "아래 역할을 모두 합한 일과 사이트 정보, 꾸미기를 맡고, 아래 역할을 다른 회원에게 줍니다."
            ),
        ),
        Role(
            "boards",
            _("게시판 관리자"),
            _("모든 게시판의 글과 댓글을 관리하고, 게시판과 그룹을 만들고 설정합니다."),
        ),
        Role(
            "members",
            _("회원 담당"),
            _(
                "회원을 찾아 정보를 고치고, 가입을 승인하고, 이용을 정지합니다. E-mail 주소와, "
                "운영자가 남기게 했다면 글쓴이의 IP 주소를 봅니다."
            ),
        ),
        Role(
            "reports",
            _("신고 담당"),
            _("모든 게시판에서 신고된 글과 댓글을 보고 숨길지 판단합니다. 1:1 문의는 빠집니다."),
        ),
        Role(
            "collector",
            _("수집 담당"),
            _("수집기가 글을 가져올 곳을 정하고, 저작권 신고를 처리합니다."),
        ),
        Role(
            "statistics",
            _("통계 보기"),
            _("접속자집계와 글, 회원 수의 통계를 봅니다. 회원정보는 볼 수 없습니다."),
        ),
    )
}


def keys_of(stored: str) -> frozenset[str]:
    """The keys in Member.roles, without those that this version does not know."""
    return frozenset(stored.split()) & ROLES.keys()


def stored(keys: Iterable[str]) -> str:
    """`keys` as Member.roles has them, in the order of ROLES."""
    chosen = {*keys}
    return " ".join(key for key in ROLES if key in chosen)


@lru_cache(maxsize=64)
def rights_of_roles(stored: str) -> frozenset[str]:
    """The rights that the roles in Member.roles give, in the apps that are installed."""
    keys = keys_of(stored)
    if STAFF in keys:
        keys = frozenset(ROLES)
    return frozenset(
        right
        for config in apps.get_app_configs()
        for key, rights in getattr(config, "role_rights", {}).items()
        if key in keys
        for right in rights
    )


def names_of(keys: Iterable[str]) -> str:
    """The names of roles, for a sentence."""
    chosen = {*keys}
    return ", ".join(str(role.name) for key, role in ROLES.items() if key in chosen)


def rights_on(model: str, *actions: str) -> tuple[str, ...]:
    """Django's permissions for `model` ("boards.post"): of `actions`, or of all four."""
    app, name = model.split(".")
    return tuple(
        f"{app}.{action}_{name}" for action in actions or ("view", "add", "change", "delete")
    )
