"""Several users do everything at random, and each keeps exactly what is theirs."""

from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, Session, User
from expense_tracker.tests.people import log_in
from expenses.models import Budget, Expense

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unlimited")]
NAMES = ("alice", "bob", "carol")
CATEGORIES = ("Food", "Rent", "Fun")
Contents = tuple[str, int, str, str | None]
user_names = st.sampled_from(NAMES)
new_values = st.fixed_dictionaries(
    {
        "amount": st.integers(1, 5),
        "category": st.sampled_from(CATEGORIES),
        "description": st.sampled_from([None, "x"]),
        "date": st.sampled_from(["2026-01-01", "2026-02-01"]),
    }
)


def contents(expense: dict[str, Any]) -> Contents:
    return (expense["date"], expense["amount"], expense["category"], expense["description"])


class Person:
    """What somebody should have, and a client to see whether they do."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.client = log_in(User.objects.get(username=name))
        self.id = User.objects.get(username=name).pk
        self.live: dict[int, dict[str, Any]] = {}
        self.bin: dict[int, dict[str, Any]] = {}
        self.budgets: dict[str, int] = {}
        self.sessions = {str(session.pk) for session in Session.objects.filter(user_id=self.id)}
        self.revision = 0

    def get(self, path: str, **parameters: Any) -> Any:
        response = self.client.get(path, parameters)
        assert response.status_code == 200, response.content
        return response.json()

    def all_contents(self) -> Counter[Contents]:
        return Counter(map(contents, self.live.values()))


class Everybody(RuleBasedStateMachine):
    """Each rule is an action of one user, with an id that may be anybody's; only what is theirs may take part."""

    ids = Bundle("ids")
    people: ClassVar[dict[str, Person]]

    @initialize()
    def start(self) -> None:
        cache.clear()
        for model in (Expense, Budget, Session):
            model._default_manager.all().delete()
        RevisionCounter.objects.update(revision=0)
        type(self).people = {name: Person(name) for name in NAMES}

    @rule(target=ids, name=user_names, values=new_values, path=st.sampled_from(["/api/create", "/api/expenses"]))
    def create(self, name: str, values: dict[str, Any], path: str) -> int:
        person = self.people[name]
        response = person.client.post(path, values)
        assert response.status_code in (200, 201)
        pk: int = response.json()["id"]
        person.live[pk] = values
        return pk

    @rule(name=user_names, pk=ids)
    def read(self, name: str, pk: int) -> None:
        person = self.people[name]
        response = person.client.get(f"/api/expenses/{pk}")
        assert response.status_code == (200 if pk in person.live else 404)
        if pk in person.live:
            assert contents(response.json()) == contents(person.live[pk])

    @rule(name=user_names, pk=ids, values=new_values, method=st.sampled_from(["put", "patch"]))
    def update(self, name: str, pk: int, values: dict[str, Any], method: str) -> None:
        person = self.people[name]
        response = getattr(person.client, method)(f"/api/expenses/{pk}", values)
        assert response.status_code == (200 if pk in person.live else 404)
        if pk in person.live:
            person.live[pk] = values

    @rule(name=user_names, pk=ids)
    def delete(self, name: str, pk: int) -> None:
        person = self.people[name]
        response = person.client.delete(f"/api/expenses/{pk}")
        assert response.status_code == (200 if pk in person.live else 404)
        if pk in person.live:
            person.bin[pk] = person.live.pop(pk)

    @rule(name=user_names, pk=ids)
    def restore(self, name: str, pk: int) -> None:
        person = self.people[name]
        response = person.client.post(f"/api/expenses/{pk}/restore")
        assert response.status_code == (200 if pk in person.live or pk in person.bin else 404)
        if pk in person.bin:
            person.live[pk] = person.bin.pop(pk)

    @rule(
        target=ids,
        name=user_names,
        create=st.lists(new_values, max_size=2),
        update=st.dictionaries(ids, new_values, max_size=2),
        delete=st.sets(ids, max_size=2),
    )
    def bulk(self, name: str, create: list[dict[str, Any]], update: dict[int, dict[str, Any]], delete: set[int]) -> Any:
        person = self.people[name]
        named = [*(pk for pk in update if pk not in delete), *delete]
        changes = [{"id": pk, **values} for pk, values in update.items() if pk not in delete]
        response = person.client.post(
            "/api/expenses/bulk", {"create": create, "update": changes, "delete": sorted(delete)}
        )
        if not person.live.keys() >= set(named):
            assert response.status_code == 404
            return multiple()
        assert response.status_code == 200
        person.live |= {pk: values for pk, values in update.items() if pk not in delete}
        person.bin |= {pk: person.live.pop(pk) for pk in delete}
        created = [row["id"] for row in response.json()["created"]]
        person.live |= dict(zip(created, create, strict=True))
        return multiple(*created)

    @rule(name=user_names, old=st.sampled_from(CATEGORIES), new=st.sampled_from(CATEGORIES))
    def rename(self, name: str, old: str, new: str) -> None:
        person = self.people[name]
        there = {values["category"] for values in (*person.live.values(), *person.bin.values())} | person.budgets.keys()
        response = person.client.post("/api/categories/rename", {"from": old, "to": new, "merge": True})
        assert response.status_code == (400 if old == new else 200 if old in there else 404)
        if response.status_code == 200:
            for rows in (person.live, person.bin):
                rows |= {pk: v | {"category": new} for pk, v in rows.items() if v["category"] == old}
            if old in person.budgets:
                person.budgets.setdefault(new, person.budgets[old])
                del person.budgets[old]

    @rule(name=user_names, category=st.sampled_from(CATEGORIES), amount=st.integers(1, 5))
    def set_budget(self, name: str, category: str, amount: int) -> None:
        person = self.people[name]
        response = person.client.put("/api/budgets", {"category": category, "amount": amount})
        assert response.status_code == (200 if category in person.budgets else 201)
        person.budgets[category] = amount

    @rule(name=user_names, whose=user_names, category=st.sampled_from(CATEGORIES))
    def delete_budget(self, name: str, whose: str, category: str) -> None:
        person = self.people[name]
        budget = Budget.objects.filter(owner__username=whose, category=category).first()
        response = person.client.delete(f"/api/budgets/{budget.pk if budget else 10**15}")
        assert response.status_code == (200 if budget and name == whose else 404)
        if budget and name == whose:
            del person.budgets[category]

    @rule(source=user_names, name=user_names, form=st.sampled_from(["csv", "json"]))
    def carry_over(self, source: str, name: str, form: str) -> None:
        """Imports what somebody has exported."""
        content = self.people[source].client.get("/api/expenses/export", {"format": form}).getvalue()
        person, file = self.people[name], SimpleUploadedFile("file", content)
        response = person.client.post("/api/expenses/import", {"file": file}, format="multipart")
        assert response.status_code == 200
        missing = self.people[source].all_contents() - person.all_contents()
        assert response.json()["created"] == missing.total()
        known = {*person.live, *person.bin}
        person.live |= {row["id"]: row for row in person.get("/api/expenses") if row["id"] not in known}

    @rule(name=user_names)
    def log_in(self, name: str) -> None:
        person = self.people[name]
        person.client = log_in(User.objects.get(username=name))
        person.sessions = {
            str(pk) for pk in User.objects.get(pk=person.id).api_sessions.live().values_list("pk", flat=True)
        }

    @rule(name=user_names, whose=user_names)
    def end_session(self, name: str, whose: str) -> None:
        current = next(each["id"] for each in self.people[whose].get("/api/sessions") if each["current"])
        if name == whose:
            return
        assert self.people[name].client.delete(f"/api/sessions/{current}").status_code == 404

    @invariant()
    def everybody_has_what_is_theirs(self) -> None:
        for person in self.people.values():
            rows = person.get("/api/expenses")
            assert {row["id"]: contents(row) for row in rows} == {pk: contents(v) for pk, v in person.live.items()}
            assert {row["owner_id"] for row in rows} <= {person.id}
            assert {row["id"] for row in person.get("/api/expenses", deleted="true")} == person.bin.keys()

    @invariant()
    def nobody_counts_what_is_anothers(self) -> None:
        for person in self.people.values():
            own = person.all_contents()
            filtered = person.get("/api/expenses", category="Food", amount_min=2, date_to="2026-01-31")
            assert Counter(map(contents, filtered)) == Counter(
                {c: n for c, n in own.items() if c[2] == "Food" and c[1] >= 2 and c[0] < "2026-02"}
            )
            summary = person.get("/api/expenses/summary", group_by="category")
            assert (summary["count"], summary["total"]) == (own.total(), sum(c[1] * n for c, n in own.items()))
            counts = Counter(values["category"] for values in person.live.values())
            assert {each["name"]: each["count"] for each in person.get("/api/categories")} == counts
            budgets = {each["category"]: each for each in person.get("/api/budgets", month="2026-01")}
            assert {category: each["amount"] for category, each in budgets.items()} == person.budgets
            for category, each in budgets.items():
                assert each["spent"] == sum(
                    c[1] * n for c, n in own.items() if c[2] == category and c[0] == "2026-01-01"
                )

    @invariant()
    def nobody_hears_of_anothers_changes(self) -> None:
        for person in self.people.values():
            changes = person.get("/api/expenses/changes")
            assert {row["id"] for row in changes["changed"]} == person.live.keys()
            assert changes["deleted"] == []
            # What is deleted has changed at least once since it was created.
            later = person.get("/api/expenses/changes", since=1) if person.bin else changes
            assert {row["id"] for row in later["deleted"]} == person.bin.keys()
            assert {each["id"] for each in person.get("/api/sessions")} == person.sessions
            assert person.get("/api/me")["username"] == person.name


def test_random_actions_of_several_users_never_mix(make_client: Callable[[str], APIClient], unlimited: None) -> None:
    for name in NAMES:
        make_client(name)

    run_state_machine_as_test(
        Everybody,
        settings=settings(
            max_examples=4,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
