"""POST /api/refresh"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests import refusals
from accounts.tokens import AccessToken, RefreshToken
from expense_tracker.tests.concurrency import DEVICES, run_concurrently

ALICE = {"username": "alice", "password": "SecurePassword123!"}
ROUNDS = 5


@pytest.fixture
def tokens(api: APIClient) -> dict[str, Any]:
    """What alice's login answered."""
    assert api.post("/api/register", ALICE).status_code == 201
    response: dict[str, Any] = api.post("/api/login", ALICE).json()
    return response


def refresh(token: str) -> Any:
    return APIClient().post("/api/refresh", {"refresh_token": token})


def me(access_token: str) -> Any:
    return APIClient().get("/api/me", HTTP_AUTHORIZATION=f"Bearer {access_token}")


def assert_refused(response: Any, code: str = "session_ended") -> None:
    refusals.assert_refused(response, code, challenge="Bearer")


def first_used(seconds_ago: int) -> None:
    """Pretend that the current tokens have been in use for so long."""
    moment = timezone.now() - timedelta(seconds=seconds_ago)
    Session.objects.update(rotated_at=moment, generation_used_at=moment)


def test_a_refresh_answers_a_new_pair_of_the_same_session(tokens: dict[str, Any]) -> None:
    response = refresh(tokens["refresh_token"])

    body = response.json()
    assert response.status_code == 200
    assert body == {
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": body["refresh_token"],
    }
    assert body["access_token"] != tokens["access_token"]
    assert me(body["access_token"]).status_code == 200
    assert me(tokens["access_token"]).status_code == 200
    assert refresh(body["refresh_token"]).status_code == 200
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "others", [{"grant_type": "refresh_token"}, {"grant_type": "refresh_token", "scope": "", "client_id": "docs"}, {}]
)
def test_a_form_refreshes_as_oauth2_sends_it(api: APIClient, tokens: dict[str, Any], others: dict[str, str]) -> None:
    form = urlencode(others | {"refresh_token": tokens["refresh_token"]})

    response = api.post("/api/refresh", form, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 200
    assert me(response.json()["access_token"]).status_code == 200


def test_an_access_token_in_the_header_is_neither_needed_nor_a_hindrance(
    api: APIClient, tokens: dict[str, Any]
) -> None:
    response = api.post(
        "/api/refresh", {"refresh_token": tokens["refresh_token"]}, HTTP_AUTHORIZATION="Bearer expired.or.else"
    )

    assert response.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_all_concurrent_uses_of_one_token_get_the_same_generation(tokens: dict[str, Any]) -> None:
    pair = tokens
    for generation in range(1, ROUNDS + 1):
        used = pair["refresh_token"]

        responses = run_concurrently(lambda _device, used=used: refresh(used))  # type: ignore[misc]  # a default has no type here

        assert [response.status_code for response in responses] == [200] * DEVICES
        assert Session.objects.get().generation == generation
        pair = responses[0].json()
        assert all(me(response.json()["access_token"]).status_code == 200 for response in responses)


@pytest.mark.django_db(transaction=True)
def test_tabs_that_each_refresh_again_and_again_all_go_on(tokens: dict[str, Any]) -> None:
    def refresh_often(_device: int) -> list[int]:
        statuses, pair = [], tokens
        for _ in range(ROUNDS):
            response = refresh(pair["refresh_token"])
            statuses.append(response.status_code)
            pair = response.json()
            statuses.append(me(pair["access_token"]).status_code)
        return statuses

    assert run_concurrently(refresh_often) == [[200] * 2 * ROUNDS] * DEVICES


def test_a_lost_answer_is_given_again_however_late(tokens: dict[str, Any]) -> None:
    assert refresh(tokens["refresh_token"]).status_code == 200  # the client never sees it
    Session.objects.update(rotated_at=timezone.now() - timedelta(days=3))

    again = refresh(tokens["refresh_token"])

    assert again.status_code == 200
    assert Session.objects.get().generation == 1
    assert me(again.json()["access_token"]).status_code == 200
    assert refresh(again.json()["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("seconds", "ends"), [(0, False), (5, False), (11, True), (3600, True)])
def test_a_superseded_token_ends_the_session_10_seconds_after_its_successor_was_first_used(
    tokens: dict[str, Any], seconds: int, ends: bool
) -> None:
    newer = refresh(tokens["refresh_token"]).json()
    assert me(newer["access_token"]).status_code == 200
    first_used(seconds_ago=seconds)

    response = refresh(tokens["refresh_token"])

    if ends:
        assert_refused(response)
    else:
        assert response.status_code == 200
    statuses = me(newer["access_token"]).status_code, refresh(newer["refresh_token"]).status_code
    assert statuses == ((401, 401) if ends else (200, 200))


def test_an_access_token_from_before_generations_is_taken(tokens: dict[str, Any]) -> None:
    refresh(tokens["refresh_token"])
    token = AccessToken.for_session(Session.objects.get())
    del token["gen"]

    assert me(str(token)).status_code == 200

    assert Session.objects.get().generation_used_at is None


def test_the_use_of_an_older_access_token_is_no_use_of_the_new_pair(tokens: dict[str, Any]) -> None:
    refresh(tokens["refresh_token"])

    assert me(tokens["access_token"]).status_code == 200

    assert Session.objects.get().generation_used_at is None


def test_a_superseded_token_is_answered_without_a_new_generation_for_as_long_as_the_session_lives(
    tokens: dict[str, Any],
) -> None:
    refresh(tokens["refresh_token"])
    Session.objects.update(expires_at=timezone.now())

    assert_refused(refresh(tokens["refresh_token"]))


@pytest.mark.parametrize(("seconds", "ends"), [(0, False), (11, True)])
def test_a_token_superseded_twice_ends_the_session_10_seconds_after_the_last_refresh(
    tokens: dict[str, Any], seconds: int, ends: bool
) -> None:
    newest = refresh(refresh(tokens["refresh_token"]).json()["refresh_token"]).json()
    Session.objects.update(rotated_at=timezone.now() - timedelta(seconds=seconds))

    assert refresh(tokens["refresh_token"]).status_code == (401 if ends else 200)

    assert me(newest["access_token"]).status_code == (401 if ends else 200)


def test_a_token_of_a_generation_that_never_was_ends_nothing(tokens: dict[str, Any]) -> None:
    ahead = RefreshToken.for_session(
        Session(
            pk=Session.objects.get().pk,
            generation=7,
            user=User.objects.get(),
            expires_at=timezone.now() + timedelta(days=1),
        )
    )

    assert_refused(refresh(str(ahead)))

    assert refresh(tokens["refresh_token"]).status_code == 200


def test_a_superseded_token_ends_no_other_session_than_its_own(api: APIClient, tokens: dict[str, Any]) -> None:
    other = api.post("/api/login", ALICE).json()
    refresh(tokens["refresh_token"])
    first_used(seconds_ago=3600)

    assert_refused(refresh(tokens["refresh_token"]))

    assert refresh(other["refresh_token"]).status_code == 200


def test_what_is_not_signed_ends_nothing(tokens: dict[str, Any]) -> None:
    newer = refresh(tokens["refresh_token"]).json()
    first_used(seconds_ago=3600)
    signed, _, signature = tokens["refresh_token"].rpartition(".")

    for garbage in (f"{signed}.{signature[::-1]}", f"{signed}.", signed, "x.y.z"):
        assert_refused(refresh(garbage), "token_invalid")

    assert refresh(newer["refresh_token"]).status_code == 200


def test_a_login_ends_when_it_was_not_used_for_14_days(tokens: dict[str, Any]) -> None:
    session = Session.objects.get()
    claims = jwt.decode(tokens["refresh_token"], options={"verify_signature": False})
    assert session.expires_at - session.created_at == timedelta(days=14)
    assert claims["exp"] == int(session.expires_at.timestamp())
    fortnight = timedelta(days=14)
    Session.objects.update(
        created_at=session.created_at - fortnight,
        rotated_at=session.rotated_at - fortnight,
        last_used_at=session.last_used_at - fortnight,
        expires_at=session.expires_at - fortnight,
    )

    refusals.assert_refused(me(tokens["access_token"]), "session_ended")
    assert_refused(refresh(tokens["refresh_token"]))


def test_how_long_a_login_lasts_is_a_setting(api: APIClient, settings: Any, tokens: dict[str, Any]) -> None:
    settings.SESSION_IDLE_DAYS, settings.SESSION_LONGEST_DAYS = 90, 365
    body = refresh(tokens["refresh_token"]).json()
    [session] = Session.objects.all()
    assert session.expires_at - session.rotated_at == timedelta(days=90)
    assert jwt.decode(body["refresh_token"], options={"verify_signature": False})["exp"] == int(
        session.expires_at.timestamp()
    )

    settings.SESSION_IDLE_DAYS, settings.SESSION_LONGEST_DAYS = 90, 7
    api.post("/api/login", ALICE)

    newest = Session.objects.latest("created_at")
    assert newest.expires_at - newest.created_at == timedelta(days=7)


@pytest.mark.parametrize(("age", "left"), [(0, 14), (15, 14), (20, 10), (29, 1)])
def test_a_refresh_prolongs_the_session_to_30_days_in_all(tokens: dict[str, Any], age: int, left: int) -> None:
    Session.objects.update(created_at=timezone.now() - timedelta(days=age))

    body = refresh(tokens["refresh_token"]).json()

    session = Session.objects.get()
    assert session.last_used_at == session.rotated_at
    assert session.expires_at == min(session.rotated_at + timedelta(days=14), session.created_at + timedelta(days=30))
    assert round((session.expires_at - timezone.now()) / timedelta(days=1)) == left
    claims = jwt.decode(body["refresh_token"], options={"verify_signature": False})
    assert claims["exp"] == int(session.expires_at.timestamp())


def test_a_personal_access_token_cannot_be_refreshed(api: APIClient, tokens: dict[str, Any]) -> None:
    token = {"name": "Script", "expires_in_days": 1, "scope": "write"}
    api.post("/api/sessions", token, HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")

    assert_refused(refresh(str(RefreshToken.for_session(Session.objects.get(name="Script")))))


def test_a_session_that_is_erased_meanwhile_is_refused(tokens: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    rotate = Session.rotate

    def rotate_too_late(session: Session) -> bool:
        User.objects.all().delete()
        return rotate(session)

    monkeypatch.setattr(Session, "rotate", rotate_too_late)

    assert_refused(refresh(tokens["refresh_token"]))


@pytest.mark.parametrize(
    ("body", "member", "code", "message"),
    [
        ({}, "refresh_token", "required", "This field is required."),
        ({"refresh_token": None}, "refresh_token", "null", "This field may not be null."),
        ({"refresh_token": ""}, "refresh_token", "blank", "This field may not be blank."),
        ({"refresh_token": 1}, "refresh_token", "invalid", "Not a valid string."),
        ({"refresh_token": ["x.y.z"]}, "refresh_token", "invalid", "Not a valid string."),
        (
            {"refresh_token": "x.y.z", "grant_type": "refresh_token"},
            "grant_type",
            "unknown",
            "Unknown field. Allowed fields: refresh_token.",
        ),
    ],
)
def test_a_refresh_that_is_not_as_agreed_is_refused_by_name(
    api: APIClient, body: dict[str, Any], member: str, code: str, message: str
) -> None:
    response = api.post("/api/refresh", body)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }


def test_a_refresh_is_two_statements(tokens: dict[str, Any], django_assert_num_queries: Callable[..., Any]) -> None:
    # the session, the one conditional update
    with django_assert_num_queries(2):
        refresh(tokens["refresh_token"])
    # the session
    with django_assert_num_queries(1):
        refresh(tokens["refresh_token"])


def test_the_first_use_of_a_pair_is_one_statement_more(
    tokens: dict[str, Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication; after a login there is no pair that could have been lost
    with django_assert_num_queries(1):
        me(tokens["access_token"])
    access_token = refresh(tokens["refresh_token"]).json()["access_token"]
    # authentication, and the update of the session at the first use
    for statements in (2, 1):
        with django_assert_num_queries(statements):
            me(access_token)


def test_garbage_costs_no_query(db: None, django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(0):
        assert_refused(refresh("x.y.z"), "token_invalid")
