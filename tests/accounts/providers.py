"""Fixtures: the stand-in replaces the five providers, with keys that the owner has entered."""

import pytest
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.apple.views import AppleOAuth2Adapter
from allauth.socialaccount.providers.github.views import GitHubOAuth2Adapter
from allauth.socialaccount.providers.google.views import GoogleOAuth2Adapter
from allauth.socialaccount.providers.kakao.views import KakaoOAuth2Adapter
from allauth.socialaccount.providers.naver.views import NaverOAuth2Adapter

from tests.accounts.stand_in import CLIENT, SECRET, StandIn

ADAPTERS = {
    "kakao": KakaoOAuth2Adapter,
    "naver": NaverOAuth2Adapter,
    "google": GoogleOAuth2Adapter,
    "apple": AppleOAuth2Adapter,
    "github": GitHubOAuth2Adapter,
}
PLACES = {
    "authorize_url": "authorize",
    "access_token_url": "token",
    "profile_url": "userinfo",
    "identity_url": "userinfo",
    "emails_url": "emails",
    "public_key_url": "keys",
}


@pytest.fixture
def stand_in(monkeypatch):
    provider = StandIn()
    for name, adapter in ADAPTERS.items():
        for attribute, place in PLACES.items():
            if hasattr(adapter, attribute):
                monkeypatch.setattr(adapter, attribute, f"{provider.url}/{name}/{place}")
    yield provider
    provider.close()


@pytest.fixture
def keys(db, stand_in):
    """The owner has entered the keys of all providers."""
    for name in ADAPTERS:
        app = SocialApp(provider=name, name=name, client_id=CLIENT, secret=SECRET)
        if name == "apple":
            app.secret, app.key = "KEYID", "TEAM"
            app.settings = {"certificate_key": stand_in.certificate}
        app.save()
