"""Read settings from the environment and from `.env`; the environment wins."""

import importlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv import dotenv_values
from environs import Env, EnvError, validate

BASE_DIR = Path(__file__).resolve().parent.parent
ENV_FILE = BASE_DIR / ".env"
READ_ELSEWHERE = {"POSTGRES_PASSWORD"}  # in .env, by compose.yaml
MIN_SECRET_KEY_LENGTH = 50
MIN_TOKEN_LENGTH = 16
# Gunicorn stops at a worker that ends with this code (`Arbiter.WORKER_BOOT_ERROR`); others it starts again for ever.
CANNOT_START = 3

env = Env()
env.read_env(ENV_FILE, recurse=False)


def at_least(minimum: int, name: str, default: int) -> int:
    """Return the number that the variable holds, or the default. Raise EnvError for less than the minimum."""
    return env.int(name, default, validate=validate.Range(min=minimum))


def positive(name: str, default: int) -> int:
    return at_least(1, name, default)


def token(name: str) -> str:
    """Return what the variable holds, or "" where it is not set. Raise ImproperlyConfigured for a short one."""
    value = env.str(name, "")
    if 0 < len(value) < MIN_TOKEN_LENGTH:
        raise ImproperlyConfigured(f"{name} must be at least {MIN_TOKEN_LENGTH} random characters, or not set.")
    return value


def extra(name: str, package: str, requirements: str) -> str:
    """Return what the variable holds, or "". Raise ImproperlyConfigured where the package that it needs is missing."""
    value = env.str(name, "")
    if value:
        try:
            version(package)
        except PackageNotFoundError:
            raise ImproperlyConfigured(
                f"{name} is set, but {package} is not installed: pip install -r {requirements}"
            ) from None
    return value


def folder(name: str, default: Path) -> Path:
    """Return the folder that the variable names, or the default. Raise ImproperlyConfigured where there is none."""
    path = default / env.str(name, "")
    if not path.is_dir():
        raise ImproperlyConfigured(f"{name} must be a folder that exists: there is no {path}.")
    return path


def local_secret_key(path: Path) -> str:
    """Return the key in `path`, created if missing: only its owner can read it, and processes that start at once
    agree on one, since only the first `link` succeeds."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def read_secret_key(database_url: str, data_dir: Path) -> str:
    """Return SECRET_KEY, or on SQLite the key that is kept beside the database's file.

    Raise ImproperlyConfigured for a short one, and for none where several machines may share the database."""
    key = env.str("SECRET_KEY", "")
    if not key and not database_url:
        return local_secret_key(data_dir / ".secret_key")
    if len(key) < MIN_SECRET_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"SECRET_KEY must be set to at least {MIN_SECRET_KEY_LENGTH} random characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key


def unknown_variables(file: Path, known: Iterable[str]) -> Iterator[str]:
    """Yield a sentence for each variable in the file that nothing reads, with the known one that is most like it."""
    known = sorted(known)
    for name in dotenv_values(file):
        if name not in known:
            nearest = "".join(get_close_matches(name, known, n=1))
            yield f"{file.name}: nothing reads {name}" + (f"; did you mean {nearest}?" if nearest else ".")


@cache
def load_settings() -> None:
    """Load Django's settings, or end the process with one sentence where a value cannot be right.

    Variables in `.env` that nothing reads are named on stderr."""
    module = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expense_tracker.settings")
    try:
        importlib.import_module(module)
    except (ImproperlyConfigured, EnvError) as error:
        print(str(error).replace("['", "").replace("']", ""), file=sys.stderr)  # of a list with one sentence
        raise SystemExit(CANNOT_START) from None
    for sentence in unknown_variables(ENV_FILE, READ_ELSEWHERE | env.dump().keys()):
        print(sentence, file=sys.stderr)
