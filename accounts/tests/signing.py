"""Tokens with a valid signature and arbitrary contents."""

import base64
import hashlib
import hmac
import json
from typing import Any

from django.conf import settings

HEADER = {"alg": "HS256", "typ": "JWT"}


def sign(claims: Any, header: Any = HEADER) -> str:
    """Return a signed token; bytes are not encoded as JSON. Libraries refuse to create most of these tokens."""

    def encode(part: Any) -> bytes:
        return base64.urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=")

    signed = encode(header) + b"." + encode(claims)
    return (signed + b"." + encode(hmac.digest(settings.SECRET_KEY.encode(), signed, hashlib.sha256))).decode()
