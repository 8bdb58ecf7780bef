"""Access and refresh tokens that are forged, malformed or of another user, and the rotation of keys."""

import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from django.conf import settings
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests import refusals
from accounts.tests.signing import sign

OTHER_KEY = "another key, of more than fifty characters, than the server's"
KINDS = ["access_token", "refresh_token"]


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def use(kind: str, token: str) -> Any:
    """Send a token as if it were of the kind, and return the response."""
    if kind == "refresh_token":
        return APIClient().post("/api/refresh", {"refresh_token": token})
    return APIClient().get("/api/expenses", HTTP_AUTHORIZATION=f"Bearer {token}")


def assert_refused(kind: str, response: Any, *codes: str) -> None:
    """The challenge has an error only if an access token was sent (RFC 6750, section 3.1)."""
    challenge = refusals.TOKEN_SENT if kind == "access_token" else "Bearer"
    refusals.assert_refused(response, *codes, challenge=challenge)


@pytest.mark.parametrize("kind", KINDS)
def test_unchanged_token_is_accepted(tokens: dict[str, str], kind: str) -> None:
    """Show that the tests of changed claims below fail for the change alone."""
    assert use(kind, sign(claims_of(tokens[kind]))).status_code == 200


@pytest.mark.parametrize(("kind", "other"), [KINDS, KINDS[::-1]])
def test_token_of_one_kind_is_refused_as_the_other(tokens: dict[str, str], kind: str, other: str) -> None:
    assert_refused(kind, use(kind, tokens[other]))


# Written out, so that the names of the tests are the same in every process: 2001, 2065.
PAST, FUTURE = 1_000_000_000, 3_000_000_000
ODD: dict[str, list[Any]] = {
    "sub": [
        None,
        "",
        "x",
        "0",
        "-1",
        "+1",
        "1_0",
        "1.0",
        " 1",
        "\u0661",
        "9" * 19,
        "9" * 1000,
        1,
        True,
        [1],
        {},
        "1\x00",
    ],
    "sid": [None, "", "x", 1, True, [], {}, "\x00", str(uuid.UUID(int=0)), "0" * 1000],
    "exp": [None, 0, -1, PAST, 10**30, -(10**30), "soon", [1], {}],
    "iat": ["x", [1], 10**30],
    "nbf": [FUTURE, 10**30],
    "iss": [None, "", "somebody", ["expense-tracker"]],
    "aud": [None, "", "something", ["something"], 1],
    "token_type": [None, "sliding", 1],
}
ODD_REFRESH: dict[str, list[Any]] = {
    "iat": [None],
    "gen": [None, -1, 1, 10**30, 0.0, "0", False, [0], {}],
    "token_type": ["access"],
}
ODD_TOKENS = [
    *((kind, name, value) for kind in KINDS for name, values in ODD.items() for value in values),
    *(("refresh_token", name, value) for name, values in ODD_REFRESH.items() for value in values),
    ("access_token", "token_type", "refresh"),
]


@pytest.mark.parametrize(("kind", "name", "value"), ODD_TOKENS, ids=ascii)
def test_signed_token_with_invalid_claims_is_refused(tokens: dict[str, str], kind: str, name: str, value: Any) -> None:
    response = use(kind, sign(claims_of(tokens[kind]) | {name: value}))

    assert_refused(kind, response, "token_invalid", "token_expired", "session_ended")


@pytest.mark.parametrize("write", [str.upper, lambda sid: sid.replace("-", ""), lambda sid: f"{{{sid}}}"])
@pytest.mark.parametrize("kind", KINDS)
def test_session_id_in_another_form_is_refused(tokens: dict[str, str], kind: str, write: Callable[[str], str]) -> None:
    claims = claims_of(tokens[kind])

    assert_refused(kind, use(kind, sign(claims | {"sid": write(claims["sid"])})))


@pytest.mark.parametrize(
    ("kind", "claim"),
    [(kind, claim) for kind in KINDS for claim in ("sub", "sid", "exp", "iss", "aud", "token_type")]
    + [("refresh_token", "gen")],
)
def test_signed_token_without_a_claim_is_refused(tokens: dict[str, str], kind: str, claim: str) -> None:
    claims = claims_of(tokens[kind])
    del claims[claim]

    assert_refused(kind, use(kind, sign(claims)))


@pytest.mark.parametrize("kind", KINDS)
def test_session_of_another_user_is_refused(tokens: dict[str, str], bob: APIClient, kind: str) -> None:
    bobs_id = User.objects.get(username="bob").pk

    assert_refused(kind, use(kind, sign(claims_of(tokens[kind]) | {"sub": str(bobs_id)})), "session_ended")


@pytest.mark.parametrize(("key", "algorithm"), [(OTHER_KEY, "HS256"), ("", "none"), (settings.SECRET_KEY, "HS512")])
@pytest.mark.parametrize("kind", KINDS)
def test_forged_token_is_refused(tokens: dict[str, str], kind: str, key: str, algorithm: str) -> None:
    assert_refused(kind, use(kind, jwt.encode(claims_of(tokens[kind]), key, algorithm)))


@pytest.mark.parametrize("depth", [900, 1000, 100_000])
@pytest.mark.parametrize("kind", KINDS)
def test_deeply_nested_header_is_refused(tokens: dict[str, str], kind: str, depth: int) -> None:
    token = sign({}, b'{"alg":"HS256","x":' + b"[" * depth)[:60_000]  # as much as a body may hold

    assert_refused(kind, use(kind, token))


def test_token_of_a_megabyte_is_refused(tokens: dict[str, str]) -> None:
    assert_refused("access_token", use("access_token", "x" * 2**20))
    assert_refused("access_token", use("access_token", sign(claims_of(tokens["access_token"]) | {"x": "x" * 2**20})))


@pytest.mark.parametrize("kind", KINDS)
def test_token_with_a_null_character_is_refused(tokens: dict[str, str], kind: str) -> None:
    assert_refused(kind, use(kind, f"{tokens[kind]}\x00"))


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_of_a_fallback_key_work_until_it_is_removed(tokens: dict[str, str], settings: Any, kind: str) -> None:
    settings.SECRET_KEY, old = OTHER_KEY, settings.SECRET_KEY
    assert_refused(kind, use(kind, tokens[kind]))

    settings.SECRET_KEY_FALLBACKS = ["a key that is older still, and fifty characters long", old]
    assert use(kind, tokens[kind]).status_code == 200

    settings.SECRET_KEY_FALLBACKS = []
    assert_refused(kind, use(kind, tokens[kind]))


def test_new_tokens_are_signed_with_the_newest_key(tokens: dict[str, str], settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OTHER_KEY, [settings.SECRET_KEY]

    pair = use("refresh_token", tokens["refresh_token"]).json()

    settings.SECRET_KEY_FALLBACKS = []
    for kind in KINDS:
        assert use(kind, pair[kind]).status_code == 200


def test_tokens_carry_only_user_session_and_times(tokens: dict[str, str]) -> None:
    session = Session.objects.filter(user_agent="").latest("created_at")
    access, refresh = (claims_of(tokens[kind]) for kind in KINDS)
    common = {"iss": "expense-tracker", "aud": "expense-tracker-api", "sub": str(session.user_id)}
    common |= {"sid": str(session.pk)}

    for claims, own in ((access, {"token_type": "access", "gen": 0}), (refresh, {"token_type": "refresh", "gen": 0})):
        assert claims == common | own | {name: claims[name] for name in ("exp", "iat", "jti")}
