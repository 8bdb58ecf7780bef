"""Tokens with the server's own signature that say what no server would."""

import base64
import hashlib
import hmac
import json
from typing import Any

from django.conf import settings

HEADER = {"alg": "HS256", "typ": "JWT"}


def sign(claims: Any, header: Any = HEADER) -> str:
    """Return a signed token. Libraries refuse to make most of the odd ones; bytes stand in it as they are."""

    def encode(part: Any) -> bytes:
        return base64.urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=")

    signed = encode(header) + b"." + encode(claims)
    return (signed + b"." + encode(hmac.digest(settings.SECRET_KEY.encode(), signed, hashlib.sha256))).decode()
