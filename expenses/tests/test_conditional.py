"""If-Match on what changes an expense, If-None-Match on reading one"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.tests.concurrency import run_concurrently

WRITES = pytest.mark.parametrize(
    ("method", "body"), [("put", {"amount": 1, "category": "Fun"}), ("patch", {"amount": 1}), ("delete", None)]
)
# Stale, of the future, of another spelling.
OTHER_TAGS = [
    '"1"',
    '"3"',
    '"1", "3"',
    'W/"1"',
    'W/"3", "1"',
    '"02"',
    '"*"',
    '""',
]
NO_TAGS = ["2", "W/2", "'2'", '*, "1"', '"2" "2"', '"2",', "", ",", "W/", '"2', 'w/"2"', "\ud7ff", '"2", 2']
NO_TAG = {"detail": 'If-Match must be the ETag that you read, with its quotes: "3".', "code": "invalid_if_match"}
NOT_FOUND = {"detail": "Not found", "code": "not_found"}
STALE = {"detail": "It has changed since you read it; read it again.", "code": "precondition_failed"}


@pytest.fixture
def path(alice: APIClient) -> str:
    """An expense of alice's, with the tag `"2"`; an older version had `"1"`."""
    location = alice.post("/api/expenses", {"amount": 2500, "category": "Food", "description": "Lunch"})["Location"]
    assert alice.patch(location, {"amount": 2600})["ETag"] == '"2"'
    return location


@WRITES
@pytest.mark.parametrize("header", ['"2"', "*", ' "2" ', '"1", "2"', '"other",W/"2","3"', 'W/"2"', None])
def test_matching_if_match_allows_the_write(
    alice: APIClient, path: str, method: str, body: dict[str, Any] | None, header: str | None
) -> None:
    headers = {} if header is None else {"If-Match": header}

    assert getattr(alice, method)(path, body, headers=headers).status_code == 200

    if method == "delete":
        assert alice.get(path).status_code == 404
    else:
        response = alice.get(path)
        assert (response.json()["amount"], response["ETag"]) == (1, '"3"')


@WRITES
def test_other_if_match_returns_412_and_changes_nothing(
    alice: APIClient, path: str, method: str, body: dict[str, Any] | None
) -> None:
    before, tag = alice.get(path), alice.get("/api/expenses")["ETag"]

    for header in OTHER_TAGS:
        response = getattr(alice, method)(path, body, headers={"If-Match": header})
        assert response.status_code == 412, header
        assert response["Content-Type"] == "application/problem+json"
        assert response.json() == STALE

    after = alice.get(path)
    assert (after.json(), after["ETag"]) == (before.json(), before["ETag"])
    assert alice.get("/api/expenses")["ETag"] == tag


@WRITES
@pytest.mark.parametrize("header", NO_TAGS)
def test_invalid_tag_returns_400_with_an_example(
    alice: APIClient, path: str, method: str, body: dict[str, Any] | None, header: str
) -> None:
    before = alice.get(path)

    response = getattr(alice, method)(path, body, headers={"If-Match": header})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == NO_TAG
    assert (alice.get(path).json(), alice.get("/api/me").status_code) == (before.json(), 200)


@WRITES
@pytest.mark.parametrize("whose", ["nobody's", "deleted", "bob's"])
def test_unknown_expense_returns_404_whatever_if_match_says(
    make_client: Callable[[str], APIClient], path: str, method: str, body: dict[str, Any] | None, whose: str
) -> None:
    client = make_client("bob")
    if whose != "bob's":
        path = client.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]
        client.delete(path)
    if whose == "nobody's":
        path = "/api/expenses/999999"

    for header in ('"1"', '"2"', "*"):
        response = getattr(client, method)(path, body, headers={"If-Match": header})
        assert response.status_code == 404
        assert response.json() == NOT_FOUND


def test_etag_of_each_response_is_valid_for_the_next_write(alice: APIClient, path: str) -> None:
    tag = alice.get(path)["ETag"]
    for amount in (1, 2):
        response = alice.put(path, {"amount": amount, "category": "Food"}, headers={"If-Match": tag})
        assert response.status_code == 200
        assert response["ETag"] != tag
        tag = response["ETag"]
        assert alice.get(path)["ETag"] == tag

    assert alice.delete(path, headers={"If-Match": tag}).status_code == 200
    assert alice.post(f"{path}/restore")["ETag"] == alice.get(path)["ETag"] == '"6"'


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"2"', 304),
        ('W/"2"', 304),
        ("*", 304),
        ('"1", W/"2"', 304),
        ('"1"', 200),
        ('W/"1", "3"', 200),
        ("2", 200),
        ("", 200),
    ],
)
def test_matching_if_none_match_returns_304(alice: APIClient, path: str, header: str, status: int) -> None:
    read = alice.get(path)

    response = alice.get(path, headers={"If-None-Match": header})

    assert response.status_code == status
    assert response.content == (b"" if status == 304 else read.content)
    assert response["ETag"] == '"2"'
    assert response["Cache-Control"] == "private, no-cache"
    assert "Authorization" in response["Vary"].split(", ")


def test_deleted_expense_is_no_304(alice: APIClient, bob: APIClient, path: str) -> None:
    assert bob.get(path, headers={"If-None-Match": "*"}).json() == NOT_FOUND
    alice.delete(path)

    for header in ('"2"', '"3"', "*"):
        response = alice.get(path, headers={"If-None-Match": header})
        assert response.status_code == 404
        assert response.json() == NOT_FOUND


@pytest.mark.django_db(transaction=True)
def test_one_of_many_parallel_replacements_with_one_etag_succeeds(
    alice: APIClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("expense_tracker.tests.concurrency.DEVICES", 10)

    def replace(device: int) -> Any:
        return alice.put(path, {"amount": device + 1, "category": "Food"}, headers={"If-Match": '"2"'})

    responses = run_concurrently(replace)

    assert sorted(response.status_code for response in responses) == [200] + [412] * 9
    assert [response.json() for response in responses if response.status_code == 412] == [STALE] * 9
    [done] = [response for response in responses if response.status_code == 200]
    assert alice.get(path).json() == done.json()
    assert done.json()["revision"] == 3
    assert alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"] == 4
