"""POST /api/refresh with superseded tokens: lost responses, racing tabs and stolen tokens"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import Session, User
from accounts.tests.api import ALICE, me, refresh
from accounts.tests.refusals import assert_refresh_refused
from accounts.tokens import AccessToken, RefreshToken
from expense_tracker.tests.concurrency import DEVICES, run_concurrently

ROUNDS = 5


def pretend_use(seconds_ago: int) -> None:
    """Pretend that the current tokens were first used so many seconds ago."""
    moment = timezone.now() - timedelta(seconds=seconds_ago)
    Session.objects.update(rotated_at=moment, generation_used_at=moment)


@pytest.mark.django_db(transaction=True)
def test_concurrent_refreshes_return_the_same_generation(tokens: dict[str, Any]) -> None:
    pair = tokens
    for generation in range(1, ROUNDS + 1):
        used = pair["refresh_token"]

        responses = run_concurrently(lambda _device, used=used: refresh(used))  # type: ignore[misc]  # a default has no type here

        assert [response.status_code for response in responses] == [200] * DEVICES
        assert Session.objects.get().generation == generation
        pair = responses[0].json()
        assert all(me(response.json()["access_token"]).status_code == 200 for response in responses)


@pytest.mark.django_db(transaction=True)
def test_concurrent_chains_of_refreshes_all_succeed(tokens: dict[str, Any]) -> None:
    def refresh_often(_device: int) -> list[int]:
        statuses, pair = [], tokens
        for _ in range(ROUNDS):
            response = refresh(pair["refresh_token"])
            statuses.append(response.status_code)
            pair = response.json()
            statuses.append(me(pair["access_token"]).status_code)
        return statuses

    assert run_concurrently(refresh_often) == [[200] * 2 * ROUNDS] * DEVICES


def test_lost_response_can_be_requested_again_days_later(tokens: dict[str, Any]) -> None:
    assert refresh(tokens["refresh_token"]).status_code == 200  # the client never sees it
    Session.objects.update(rotated_at=timezone.now() - timedelta(days=3))

    again = refresh(tokens["refresh_token"])

    assert again.status_code == 200
    assert Session.objects.get().generation == 1
    assert me(again.json()["access_token"]).status_code == 200
    assert refresh(again.json()["refresh_token"]).status_code == 200


@pytest.mark.parametrize(("seconds", "ends"), [(0, False), (5, False), (11, True), (3600, True)])
def test_superseded_token_ends_the_session_10_seconds_after_the_first_use_of_its_successor(
    tokens: dict[str, Any], seconds: int, ends: bool
) -> None:
    newer = refresh(tokens["refresh_token"]).json()
    assert me(newer["access_token"]).status_code == 200
    pretend_use(seconds_ago=seconds)

    response = refresh(tokens["refresh_token"])

    if ends:
        assert_refresh_refused(response)
    else:
        assert response.status_code == 200
    statuses = me(newer["access_token"]).status_code, refresh(newer["refresh_token"]).status_code
    assert statuses == ((401, 401) if ends else (200, 200))


def test_access_token_without_a_generation_is_accepted(tokens: dict[str, Any]) -> None:
    refresh(tokens["refresh_token"])
    token = AccessToken.for_session(Session.objects.get())
    del token["gen"]

    assert me(str(token)).status_code == 200

    assert Session.objects.get().generation_used_at is None


def test_older_access_token_does_not_count_as_use_of_the_new_pair(tokens: dict[str, Any]) -> None:
    refresh(tokens["refresh_token"])

    assert me(tokens["access_token"]).status_code == 200

    assert Session.objects.get().generation_used_at is None


def test_superseded_token_is_refused_after_the_session_has_expired(
    tokens: dict[str, Any],
) -> None:
    refresh(tokens["refresh_token"])
    Session.objects.update(expires_at=timezone.now())

    assert_refresh_refused(refresh(tokens["refresh_token"]))


def test_twice_superseded_token_returns_the_current_pair_days_later_while_it_is_unused(tokens: dict[str, Any]) -> None:
    refresh(refresh(tokens["refresh_token"]).json()["refresh_token"])
    Session.objects.update(rotated_at=timezone.now() - timedelta(days=3))

    again = refresh(tokens["refresh_token"])

    assert again.status_code == 200
    assert Session.objects.get().generation == 2
    assert me(again.json()["access_token"]).status_code == 200


@pytest.mark.parametrize(("seconds", "ends"), [(0, False), (9, False), (11, True)])
def test_twice_superseded_token_ends_the_session_10_seconds_after_the_first_use_of_the_current_pair(
    tokens: dict[str, Any], seconds: int, ends: bool
) -> None:
    newest = refresh(refresh(tokens["refresh_token"]).json()["refresh_token"]).json()
    assert me(newest["access_token"]).status_code == 200
    pretend_use(seconds_ago=seconds)

    assert refresh(tokens["refresh_token"]).status_code == (401 if ends else 200)

    assert me(newest["access_token"]).status_code == (401 if ends else 200)


def test_token_of_a_future_generation_ends_no_session(tokens: dict[str, Any]) -> None:
    ahead = RefreshToken.for_session(
        Session(
            pk=Session.objects.get().pk,
            generation=7,
            user=User.objects.get(),
            expires_at=timezone.now() + timedelta(days=1),
        )
    )

    assert_refresh_refused(refresh(str(ahead)))

    assert refresh(tokens["refresh_token"]).status_code == 200


def test_superseded_token_ends_only_its_own_session(api: APIClient, tokens: dict[str, Any]) -> None:
    other = api.post("/api/login", ALICE).json()
    refresh(tokens["refresh_token"])
    pretend_use(seconds_ago=3600)

    assert_refresh_refused(refresh(tokens["refresh_token"]))

    assert refresh(other["refresh_token"]).status_code == 200


def test_unsigned_token_ends_no_session(tokens: dict[str, Any]) -> None:
    newer = refresh(tokens["refresh_token"]).json()
    pretend_use(seconds_ago=3600)
    signed, _, signature = tokens["refresh_token"].rpartition(".")

    for garbage in (f"{signed}.{signature[::-1]}", f"{signed}.", signed, "x.y.z"):
        assert_refresh_refused(refresh(garbage), "token_invalid")

    assert refresh(newer["refresh_token"]).status_code == 200


def test_first_use_of_a_pair_runs_one_more_statement(
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
