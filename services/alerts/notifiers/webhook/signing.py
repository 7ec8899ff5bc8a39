"""Signatures as the specification "Standard Webhooks" 1.0 has them: what is signed is the id, the instant and the body.

Libraries in a dozen languages verify them; without one it is an HMAC over three fields with dots between.
"""

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"
"""Before a secret in base64; any other text is taken as the bytes of it."""
LEAST = 24
"""Bytes of a secret, at least: the specification's own bound."""


class SecretError(ValueError):
    """A secret that cannot be used; the message never quotes it."""


def secret(content: bytes) -> bytes:
    """The secret of a file; raises SecretError."""
    written = content.strip()
    if written.startswith(PREFIX.encode()):
        try:
            written = base64.b64decode(written.removeprefix(PREFIX.encode()), validate=True)
        except binascii.Error:
            raise SecretError(f"what follows {PREFIX} is not base64") from None
    if len(written) < LEAST:
        raise SecretError(f"{len(written)} bytes, at least {LEAST} are needed")
    return written


def headers(name: str, second: int, body: bytes, key: bytes) -> dict[str, str]:
    """The headers of a request: its id, when it is sent (in seconds since 1970), and the signature of all of it."""
    signed = b".".join((name.encode(), str(second).encode(), body))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": name, "webhook-timestamp": str(second), "webhook-signature": f"v1,{signature}"}
