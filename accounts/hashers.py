"""Password hashing with bounded memory and CPU use."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from accounts.exceptions import HashingBusy

WAIT_SECONDS = 1.0
hashing_slots = threading.BoundedSemaphore(settings.PASSWORD_HASHES_AT_ONCE)


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Wait for one of PASSWORD_HASHES_AT_ONCE slots: a hash takes tens of megabytes and a core. Raise HashingBusy."""
    if not hashing_slots.acquire(timeout=WAIT_SECONDS):
        raise HashingBusy
    try:
        yield
    finally:
        hashing_slots.release()


class BoundedArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id, by default with OWASP's minimum parameters."""

    time_cost = settings.ARGON2_TIME_COST
    memory_cost = settings.ARGON2_MEMORY_KIB
    parallelism = settings.ARGON2_PARALLELISM

    def encode(self, password: str, salt: str) -> str:
        with hashing_slot():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with hashing_slot():
            return super().verify(password, encoded)

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Burn the extra time that the current parameters would cost, so that response times do not reveal accounts
        with older hashes."""
        spent = self.decode(encoded)["params"]
        missing = self.time_cost * self.memory_cost - spent.time_cost * spent.memory_cost
        if missing <= 0:
            return
        filler = BoundedArgon2PasswordHasher()
        filler.memory_cost = max(missing // self.time_cost, 8 * self.parallelism)  # Argon2's minimum
        filler.encode(password, self.salt())
