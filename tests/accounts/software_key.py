"""A passkey in software: answers the site like a browser with an authenticator."""

import hashlib
import json
import os

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ADD = "/accounts/2fa/webauthn/add/"
LOG_IN = "/accounts/2fa/webauthn/login/"
PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


class SoftwareKey:
    """One key pair for the host of Django's test client; `member` is set once it is registered."""

    def __init__(self, host: str = "testserver"):
        self.host = host
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(32)
        self.member = None
        self.counter = 0  # like most passkeys, which do not count

    def register(self, client, name: str = "내 패스키", flags=PRESENT_AND_VERIFIED) -> int:
        """Adds the key on its page. Returns its id, 0 when it was refused."""
        page = client.get(ADD)
        options = page.context["js_data"]["creation_options"]["publicKey"]
        credential = self.created(options["challenge"], flags)
        before = set(Authenticator.objects.values_list("pk", flat=True))
        client.post(ADD, {"name": name, "credential": json.dumps(credential)})
        new = Authenticator.objects.exclude(pk__in=before).filter(type="webauthn").first()
        if new is None:
            return 0
        self.member = new.user
        return new.pk

    def log_in(self, client, **more):
        options = client.get(LOG_IN, headers={"accept": "application/json"}).json()
        challenge = options["request_options"]["publicKey"]["challenge"]
        return client.post(LOG_IN, {"credential": json.dumps(self.shown(challenge)), **more})

    def created(self, challenge: str, flags=PRESENT_AND_VERIFIED) -> dict:
        public = ES256.from_cryptography_key(self.private.public_key())
        data = AuthenticatorData.create(
            hashlib.sha256(self.host.encode()).digest(),
            flags | AuthenticatorData.FLAG.AT,
            self.counter,
            AttestedCredentialData.create(b"\0" * 16, self.id, public),
        )
        attestation = AttestationObject.create("none", data, {})
        return self._credential(
            {
                "clientDataJSON": websafe_encode(self._client_data("webauthn.create", challenge)),
                "attestationObject": websafe_encode(bytes(attestation)),
            }
        )

    def shown(self, challenge: str) -> dict:
        data = AuthenticatorData.create(
            hashlib.sha256(self.host.encode()).digest(), PRESENT_AND_VERIFIED, self.counter
        )
        client_data = self._client_data("webauthn.get", challenge)
        signed = bytes(data) + hashlib.sha256(client_data).digest()
        return self._credential(
            {
                "clientDataJSON": websafe_encode(client_data),
                "authenticatorData": websafe_encode(bytes(data)),
                "signature": websafe_encode(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
                "userHandle": websafe_encode(user_pk_to_url_str(self.member).encode()),
            }
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        origin = f"https://{self.host}"
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()

    def _credential(self, response: dict) -> dict:
        return {
            "id": websafe_encode(self.id),
            "rawId": websafe_encode(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {"credProps": {"rk": True}},
            "response": response,
        }
