"""Settings that neither an operator nor an owner changes: how django-allauth works here, and from where
pages may load."""

from typing import Any

from csp.constants import NONE, SELF

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapters.account.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.logging_in.LoginForm",
    "signup": "accounts.forms.signing_up.SignupForm",
    "reauthenticate": "accounts.forms.logging_in.ReauthenticateForm",
    "add_email": "accounts.forms.logging_in.ChangeEmailForm",
    "change_password": "accounts.forms.logging_in.ChangePasswordForm",
    "set_password": "accounts.forms.logging_in.SetPasswordForm",
    "reset_password": "accounts.forms.logging_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.logging_in.ResetPasswordKeyForm",
    "request_login_code": "accounts.forms.second_factors.RequestLoginCodeForm",
    "confirm_login_code": "accounts.forms.second_factors.ConfirmLoginCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "homepage"
ACCOUNT_EMAIL_VERIFICATION = "none"  # MemberSettings decides: accounts/adapters/stages.py
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser in which the password was just entered
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one replaces it once confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # the password, before the address may change
ACCOUNT_EMAIL_NOTIFICATIONS = True  # about a changed password or address, to the old address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mails to addresses without an account
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
# Failed log-ins block the guesser's address. They block an account only under a flood, so that
# nobody can lock out its owner with a handful of wrong passwords.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,40/h/ip,500/h/key",
    "request_login_code": "20/m/ip,3/10m/key,10/d/key",  # key: the address that gets the mails
}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds; three wrong codes end it sooner
MFA_ADAPTER = "accounts.adapters.second_factors.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.second_factors.AuthenticateForm",
    "reauthenticate": "accounts.forms.second_factors.ReauthenticateForm",
    "activate_totp": "accounts.forms.second_factors.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.second_factors.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.second_factors.EditPasskeyForm",
    "login_webauthn": "accounts.forms.second_factors.LoginPasskeyForm",
    "authenticate_webauthn": "accounts.forms.second_factors.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "accounts.forms.second_factors.ReauthenticatePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "accounts.adapters.social.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "accounts.forms.social.SocialSignupForm"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # new members choose their names and agree in our form
# an address at a provider never opens an existing account
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
# PKCE (RFC 7636): an intercepted authorization code is useless without the verifier, which stays
# here. Providers that do not support it ignore it. Google sends an ID token when the scope is
# openid.
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    provider: {"OAUTH_PKCE_ENABLED": True}
    for provider in ("kakao", "naver", "google", "apple", "github")
}
SOCIALACCOUNT_PROVIDERS["google"]["SCOPE"] = ["openid", "profile", "email"]
SOCIALACCOUNT_STORE_TOKENS = False  # the provider is asked once, for the identity
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses need no confirmation by default

# -- Security --------------------------------------------------------------------------------------
PLAYER_HOSTS = [
    "https://www.youtube.com",
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://tv.naver.com",
    "https://play-tv.kakao.com",
    "https://tv.kakao.com",
    "https://w.soundcloud.com",
    "https://www.google.com/maps/",
    "https://maps.google.com/maps",
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],  # posts have colours and sizes
        "img-src": [SELF, "https:", "data:", "blob:"],  # blob: for a picture during its upload
        "media-src": [SELF],
        "frame-src": [SELF, *PLAYER_HOSTS],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
