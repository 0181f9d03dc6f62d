"""A log-in provider that runs within the test and answers like the real ones. The site speaks to it
over real HTTP."""

import base64
import hashlib
import json
import secrets
import threading
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

SECRET = "stand-in-secret"
CLIENT = "stand-in-client"
APPLE = "https://appleid.apple.com"
GOOGLE = "https://accounts.google.com"

KEY = rsa.generate_private_key(65537, 2048)  # shared by all tests, because creating it is slow

# The person who consents at each provider, in the provider's format.
SORA = {
    "kakao": {
        "id": 4711,
        "kakao_account": {
            "email": "sora@example.com",
            "is_email_valid": True,
            "is_email_verified": True,
            "birthday": "0401",
            "profile": {"nickname": "소라", "profile_image_url": "https://k.example/1.jpg"},
        },
    },
    "naver": {
        "resultcode": "00",
        "response": {
            "id": "naver-4711",
            "email": "sora@example.com",
            "nickname": "소라",
            "mobile": "010-1234-5678",
        },
    },
    "github": {"id": 4711, "login": "Sora", "name": "소라", "email": None},
    "google": {
        "sub": "google-4711",
        "email": "sora@example.com",
        "email_verified": True,
        "given_name": "소라",
    },
    "apple": {"sub": "apple-4711", "email": "sora@example.com", "email_verified": "true"},
}
EMAILS = [
    {"email": "sora@example.com", "primary": True, "verified": True},
    {"email": "old@example.com", "primary": False, "verified": True},
]


class StandIn:
    """`people[provider]` is the person who consents there. `declines`: they refuse. `is_broken`:
    error pages.

    `asked` has the queries with which browsers came to /<provider>/authorize."""

    def __init__(self):
        self.people = json.loads(json.dumps(SORA))
        self.emails = json.loads(json.dumps(EMAILS))
        self.declines = self.is_broken = False
        self.asked, self.codes, self.tokens, self.begun = [], {}, {}, {}
        self.nonce = None  # replaces the requested nonce
        self.key = self.signing_key = KEY
        self.apples_key = ec.generate_private_key(ec.SECP256R1())
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=[0.005], daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def certificate(self) -> str:
        """The private key that Apple gives to the owner of the site."""
        return self.apples_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()

    def authorize(self, provider: str, query: dict) -> tuple[str, dict]:
        """The address to which the browser is redirected, and the parameters."""
        self.asked.append(query)
        if self.declines:
            return query["redirect_uri"], {"error": "access_denied", "state": query["state"]}
        code = secrets.token_urlsafe(8)
        self.codes[code] = (provider, query["redirect_uri"])
        self.begun[code] = query
        return query["redirect_uri"], {"code": code, "state": query["state"]}

    def token(self, provider: str, form: dict) -> dict | None:
        """The response to the site's own request; None for an invalid one."""
        if (provider, form.get("redirect_uri")) != self.codes.pop(form.get("code"), None):
            return None
        begun = self.begun.pop(form["code"])
        if not self._is_proved(begun, form.get("code_verifier", "")):
            return None
        if form.get("client_id") != CLIENT or not self._knows(provider, form["client_secret"]):
            return None
        token = secrets.token_urlsafe(8)
        self.tokens[token] = provider
        answer = {"access_token": token, "token_type": "bearer", "expires_in": 3600}
        if provider in ("google", "apple"):
            nonce = begun.get("nonce") if self.nonce is None else self.nonce
            answer["id_token"] = self.id_token(provider, nonce)
        return answer

    def _is_proved(self, begun: dict, verifier: str) -> bool:
        """PKCE (RFC 7636)."""
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return (begun.get("code_challenge"), begun.get("code_challenge_method")) == (
            challenge,
            "S256",
        )

    def id_token(self, provider: str, nonce: str | None = None) -> str:
        issuer = APPLE if provider == "apple" else GOOGLE
        claims = {"iss": issuer, "aud": CLIENT, "exp": int(time.time()) + 600}
        claims |= self.people[provider] | ({"nonce": nonce} if nonce else {})
        return jwt.encode(claims, self.signing_key, "RS256", headers={"kid": "1"})

    def _knows(self, provider: str, secret: str) -> bool:
        if provider != "apple":
            return secret == SECRET
        claims = jwt.decode(secret, self.apples_key.public_key(), ["ES256"], audience=APPLE)
        return (claims["sub"], claims["iss"]) == (CLIENT, "TEAM")

    def _keys(self) -> dict:
        return {
            "keys": [
                json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": "1"}
            ]
        }

    def _handler(stand_in):  # `self` of the handler is the request
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                address = urlsplit(self.path)
                provider, step = address.path.strip("/").split("/", 1)
                if stand_in.is_broken and step != "authorize":
                    return self.answer(500, b"")
                query = {name: values[0] for name, values in parse_qs(address.query).items()}
                if step == "authorize":
                    return self.send_back(provider, *stand_in.authorize(provider, query))
                if step == "keys":
                    return self.json(stand_in._keys())
                bearer = self.headers.get("Authorization", "").partition(" ")[2]
                if stand_in.tokens.get(bearer) != provider:
                    return self.answer(401, b"")
                emails = stand_in.emails if step == "emails" else None
                return self.json(emails if emails is not None else stand_in.people[provider])

            def do_POST(self):
                provider = self.path.strip("/").split("/")[0]
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                answer = None if stand_in.is_broken else stand_in.token(provider, form)
                return self.json(answer) if answer else self.answer(400, b"{}")

            def send_back(self, provider, address, words):
                if provider != "apple":
                    self.send_response(302)
                    self.send_header("Location", f"{address}?{urlencode(words)}")
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                fields = "".join(
                    f'<input name="{n}" value="{escape(v)}">' for n, v in words.items()
                )
                page = f'<form method="post" action="{address}">{fields}<button>OK</button></form>'
                return self.answer(200, page.encode(), "text/html; charset=utf-8")

            def json(self, value):
                self.answer(200, json.dumps(value).encode())

            def answer(self, status, body, kind="application/json"):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        return Handler
