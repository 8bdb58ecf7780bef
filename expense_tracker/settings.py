"""The only settings file. Every value that differs between machines is read from the environment or from `.env`;
`.env.example` lists them all. A value that cannot be right stops the start with a message, it is never guessed at."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from corsheaders.defaults import default_headers
from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

BASE_DIR = Path(__file__).resolve().parent.parent
MIN_SECRET_KEY_LENGTH = 50
# Of PostgreSQL: none of them is ever reached by what the API does.
TIMEOUTS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s"}
DATABASE_SCHEMES = ("sqlite://", "postgres://", "postgresql://")

env = Env()
env.read_env(BASE_DIR / ".env", recurse=False)


def positive(name: str, default: int) -> int:
    return env.int(name, default, validate=validate.Range(min=1))


def local_secret_key(path: Path) -> str:
    """The key in `path`, made when there is none yet: only its owner can read it, and processes that start at once
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


def read_secret_key(database_url: str) -> str:
    key = env.str("SECRET_KEY", "")
    if not key and not database_url:
        return local_secret_key(BASE_DIR / ".secret_key")
    if len(key) < MIN_SECRET_KEY_LENGTH:
        raise ImproperlyConfigured(
            f"SECRET_KEY must be set to at least {MIN_SECRET_KEY_LENGTH} random characters. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key


def read_database(url: str, *, pooler: bool = False) -> dict[str, Any]:
    if not url:
        url = f"sqlite:///{BASE_DIR / 'db.sqlite3'}"
    if not url.startswith(DATABASE_SCHEMES):
        raise ImproperlyConfigured(f"DATABASE_URL must begin with one of {', '.join(DATABASE_SCHEMES)}")
    try:
        database: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is malformed: {error}") from error
    if pooler and url.startswith("sqlite://"):
        raise ImproperlyConfigured("DATABASE_POOLER is for PostgreSQL.")
    options = database.setdefault("OPTIONS", {})
    if url.startswith("sqlite://"):
        # With Django's defaults parallel writers fail with "database is locked": a transaction that begins with a
        # read cannot wait for the write lock. IMMEDIATE takes that lock first, and WAL lets readers go on meanwhile.
        database["ENGINE"] = "expense_tracker.db.backends.sqlite"
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        # In a file, so that the tests' parallel requests meet the same locks as a real server's.
        database["TEST"] = {"NAME": str(BASE_DIR / "test.sqlite3")}
    else:
        database["ENGINE"] = "expense_tracker.db.backends.postgresql"
        options.setdefault("connect_timeout", 2)
        # Large results are read in pages, which need no open cursor on the server.
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        # Statements that a connection sees again and again are parsed and planned once.
        options |= {"server_side_binding": True, "prepare_threshold": 5}
        if pooler:
            # Connections belong to the pooler: what is set for one would be met by others.
            options["prepare_threshold"] = None
        else:
            options.setdefault("options", " ".join(f"-c {name}={value}" for name, value in TIMEOUTS.items()))
            database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return database


# --- Security -----------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
DATABASE_POOLER = env.bool("DATABASE_POOLER", False)
REDIS_URL = env.str("REDIS_URL", "")
SECRET_KEY = read_secret_key(DATABASE_URL)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# Hosts that end TLS in front of the server say so in this header, and drop it when a client sends it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# --- The application ------------------------------------------------------------------------------------------------
ROOT_URLCONF = "expense_tracker.urls"
WSGI_APPLICATION = "expense_tracker.wsgi.application"
# Of each process, for requests: each keeps a connection to the database.
WEB_THREADS = positive("WEB_THREADS", 16)
INSTALLED_APPS = [
    "accounts",
    "expenses",
    "expense_tracker",
    "expense_tracker.docs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "expense_tracker.middleware.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "expense_tracker.middleware.security.ContentSecurityPolicyMiddleware",
    "expense_tracker.middleware.http_rules.HTTPRulesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "expense_tracker.middleware.problems.ProblemMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# SQLite makes a covering index without the columns that it covers.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DATABASES = {"default": read_database(DATABASE_URL, pooler=DATABASE_POOLER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
STATIC_URL = "static/"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}
}
WHITENOISE_USE_FINDERS = True  # the admin's and the documentation's files, with no collectstatic

# --- Accounts -------------------------------------------------------------------------------------------------------
ACCESS_TOKEN_MINUTES = positive("ACCESS_TOKEN_MINUTES", 30)
AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.password_validation.RevokeSessionsOnPasswordChange"},
]
PASSWORD_HASHERS = ["accounts.hashers.BoundedArgon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
# OWASP's minimum; more is better where the machine has it. A hash takes ARGON2_MEMORY_KIB of memory.
ARGON2_TIME_COST = positive("ARGON2_TIME_COST", 2)
ARGON2_MEMORY_KIB = env.int("ARGON2_MEMORY_KIB", 19456, validate=validate.Range(min=8))
ARGON2_PARALLELISM = positive("ARGON2_PARALLELISM", 1)
PASSWORD_HASHES_AT_ONCE = positive("PASSWORD_HASHES_AT_ONCE", 2)
AUTHENTICATION_BACKENDS = ["accounts.backends.LimitedModelBackend"]
# Within 15 minutes; those that succeed are not counted.
LOGINS_PER_NAME_AND_ADDRESS = positive("LOGINS_PER_NAME_AND_ADDRESS", 10)
LOGINS_PER_NAME = positive("LOGINS_PER_NAME", 100)
LOGINS_PER_ADDRESS = positive("LOGINS_PER_ADDRESS", 60)
# Within an hour.
REGISTRATIONS_PER_ADDRESS = positive("REGISTRATIONS_PER_ADDRESS", 300)
USER_REQUESTS_PER_MINUTE = positive("USER_REQUESTS_PER_MINUTE", 600)
# How many proxies in front of the server append to X-Forwarded-For; what stands before their entries is not trusted.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0, validate=validate.Range(min=0))

# --- Expenses -------------------------------------------------------------------------------------------------------
BIN_DAYS = positive("BIN_DAYS", 30)  # how long a deleted expense can be restored

# --- The API --------------------------------------------------------------------------------------------------------
API_TITLE = env.str("API_TITLE", "Expense Tracker API")
API_DESCRIPTION = env.str(
    "API_DESCRIPTION",
    "Keep personal expenses: amounts are integers of cents, days are `YYYY-MM-DD`, times are in UTC. Register, log in, "
    "and send the access token as `Authorization: Bearer …`. An error is a JSON object with a `detail` for people; a "
    "validation error adds `errors` with a `pointer` to each member of the body or the name of each `parameter`.",
)
API_VERSION = env.str("API_VERSION", "1.0.0")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.TokenScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.UserRateThrottle"],
    "DEFAULT_PARSER_CLASSES": ["expense_tracker.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["expense_tracker.api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "expense_tracker.api.renderers.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "expense_tracker.api.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "expense_tracker.api.errors.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": API_TITLE,
    "DESCRIPTION": API_DESCRIPTION,
    "VERSION": API_VERSION,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "SORT_OPERATIONS": False,
    "TAGS": [{"name": name} for name in ("Accounts", "Sessions", "Expenses", "Reports", "Import and export", "Sync")],
}
CORS_ALLOWED_ORIGINS: list[str] = env.list("CORS_ALLOWED_ORIGINS", ["http://localhost:3000", "http://127.0.0.1:3000"])
CORS_ALLOW_HEADERS = (*default_headers, "if-match", "if-none-match", "idempotency-key", "x-request-id")
CORS_EXPOSE_HEADERS = [
    "Link",
    "X-Total-Count",
    "ETag",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "Content-Disposition",
    "X-Request-ID",
    "Idempotency-Replayed",
]

# --- Logging --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "expense_tracker.logs.JSONFormatter"}},
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Its warnings are the 4xx, which have their lines already.
        "django.request": {"level": "ERROR"},
    },
}
