"""Every way in which the data of an account changes, on a real server."""

import time
from pathlib import Path
from random import Random
from typing import Any

import orjson

from expense_tracker.tests.servers import Server

LUNCH = {"amount": 2500, "category": "Food"}
ADMIN = """
from django.test import Client
from accounts.models import User
from expenses.models import Expense
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
client = Client()
client.force_login(User.objects.get_or_create(username="sarah", is_staff=True, is_superuser=True)[0])
expense = Expense.objects.filter(owner__username="alice", deleted_at=None).latest("pk")
data = {"action": "delete_selected", "_selected_action": [expense.pk], "post": "yes"}
assert client.post("/admin/expenses/expense/", data).status_code == 302
assert not Expense.objects.filter(pk=expense.pk, deleted_at=None).exists()
"""


def create(server: Server, *_: Any) -> None:
    assert "id" in server.post("/api/expenses", LUNCH)


def bulk(server: Server, *_: Any) -> None:
    server.post("/api/expenses/bulk", {"create": [LUNCH, LUNCH, LUNCH]})


def budget(server: Server, *_: Any) -> None:
    body = orjson.dumps({"category": None, "amount": time.time_ns() % 10**6 + 1})
    length, kind = f"Content-Length: {len(body)}", "Content-Type: application/json"
    assert server.send("PUT /api/budgets", length, kind, body=body).status in (200, 201)


def import_file(server: Server, *_: Any) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n%b\r\n--x--\r\n'
    body = part % f"date,amount,category\n2026-01-01,{time.time_ns() % 10**9 + 1}.00,Food\n".encode()
    headers = ("Content-Type: multipart/form-data; boundary=x", f"Content-Length: {len(body)}")
    assert server.send("POST /api/expenses/import", *headers, body=body).json()["created"] == 1


def import_by_command(server: Server, folder: Path) -> None:
    file = folder / "expenses.csv"
    file.write_text(f"date,amount,category\n2026-01-02,{time.time_ns() % 10**9 + 1}.00,Food\n")
    server.manage("import_expenses", "alice", str(file))


def delete_in_the_admin(server: Server, *_: Any) -> None:
    server.manage("shell", "--command", ADMIN)


def write_at_random(device: Server, chance: Random) -> None:
    ids: list[int] = []
    for _ in range(60):
        time.sleep(chance.random() / 20)
        if chance.random() < 0.6 or not ids:
            ids.append(device.post("/api/expenses", LUNCH)["id"])
        elif chance.random() < 0.5:
            device.send(f"DELETE /api/expenses/{ids.pop(chance.randrange(len(ids)))}")
        else:
            device.post("/api/expenses/bulk", {"update": [{"id": chance.choice(ids), "amount": chance.randint(1, 99)}]})
