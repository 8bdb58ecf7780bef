"""The only settings file. Every value that differs between machines is read from the environment or from `.env`;
`.env.example` lists them all. A value that cannot be right stops the start with a message, it is never guessed at."""

import zoneinfo

from corsheaders.defaults import default_headers

from expense_tracker import __version__
from expense_tracker.db.url import read_database
from expense_tracker.environment import BASE_DIR, at_least, env, extra, folder, positive, read_secret_key, token

DATA_DIR = folder("DATA_DIR", BASE_DIR)

# --- Security -----------------------------------------------------------------------------------------------------
DATABASE_URL = env.str("DATABASE_URL", "")
DATABASE_POOLER = env.bool("DATABASE_POOLER", False)
REDIS_URL = env.str("REDIS_URL", "")
SECRET_KEY = read_secret_key(DATABASE_URL, DATA_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # probes and Prometheus come past the proxy, over http
HSTS_SECONDS = at_least(0, "HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_SECONDS = HSTS_SECONDS if HTTPS else 0
# Which subdomains there are is not known here: both are the operator's choice.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
# Hosts that end TLS in front of the server say so in this header, and drop it when a client sends it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "expense_tracker.error_pages.csrf_failure"

# Read by gunicorn.conf.py too, and here for the sentence about a wrong value.
WEB_CONCURRENCY = positive("WEB_CONCURRENCY", 2)
# So long the server goes on after SIGTERM while /readyz says that it is about to end.
DRAIN_SECONDS = at_least(0, "DRAIN_SECONDS", 0)

# --- The application ------------------------------------------------------------------------------------------------
ROOT_URLCONF = "expense_tracker.urls"
WSGI_APPLICATION = "expense_tracker.wsgi.application"
# Of each process, for requests: each keeps a connection to the database.
# Measured with 16 connections to two workers: four did 1.2 to 1.3 times the reads of 16, which fight over the
# interpreter, and five about as many with the database 2 ms away.
WEB_THREADS = positive("WEB_THREADS", 6)
INSTALLED_APPS = [
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    # After those whose admin it takes away.
    "accounts",
    "expenses",
    "expense_tracker",
    "expense_tracker.docs",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "expense_tracker.middleware.metrics.MetricsMiddleware",
    "expense_tracker.middleware.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "expense_tracker.middleware.security.ContentSecurityPolicyMiddleware",
    "expense_tracker.middleware.http_rules.HTTPRulesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "expense_tracker.middleware.hosts.HostMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "expense_tracker.middleware.admin_errors.AdminErrorMiddleware",
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
# SQLite makes a covering index without the columns that it covers; HSTS leaves subdomains and preloading out by choice.
SILENCED_SYSTEM_CHECKS = ["models.W040", "security.W005", "security.W021"]
DATABASES = {"default": read_database(DATABASE_URL, data_dir=DATA_DIR, pooler=DATABASE_POOLER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
USE_I18N = False
TIME_ZONE = "UTC"
# The package tzdata alone says what a time zone is, so that all machines agree.
zoneinfo.reset_tzpath(to=())
STATIC_URL = "static/"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
WHITENOISE_USE_FINDERS = True  # the admin's and the documentation's files, with no collectstatic

# --- Accounts -------------------------------------------------------------------------------------------------------
REGISTRATION_OPEN = env.bool("REGISTRATION_OPEN", True)
ACCESS_TOKEN_MINUTES = positive("ACCESS_TOKEN_MINUTES", 30)
# A login ends when it was not used for so many days, and after so many at the latest.
SESSION_IDLE_DAYS = positive("SESSION_IDLE_DAYS", 14)
SESSION_LONGEST_DAYS = positive("SESSION_LONGEST_DAYS", 30)
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
ARGON2_MEMORY_KIB = at_least(8, "ARGON2_MEMORY_KIB", 19456)
ARGON2_PARALLELISM = positive("ARGON2_PARALLELISM", 1)
PASSWORD_HASHES_AT_ONCE = positive("PASSWORD_HASHES_AT_ONCE", 2)
AUTHENTICATION_BACKENDS = ["accounts.backends.LimitedModelBackend"]
# Of the admin: its log-ins alone are sessions of Django.
SESSION_ENGINE = "accounts.admin_sessions"
SESSION_COOKIE_AGE = positive("ADMIN_IDLE_HOURS", 8) * 3600
ADMIN_REQUIRE_2FA = env.bool("ADMIN_REQUIRE_2FA", False)
# Within 15 minutes; those that succeed are not counted.
LOGINS_PER_NAME_AND_ADDRESS = positive("LOGINS_PER_NAME_AND_ADDRESS", 10)
LOGINS_PER_NAME = positive("LOGINS_PER_NAME", 100)
LOGINS_PER_ADDRESS = positive("LOGINS_PER_ADDRESS", 60)
# Within an hour.
REGISTRATIONS_PER_ADDRESS = positive("REGISTRATIONS_PER_ADDRESS", 300)
USER_REQUESTS_PER_MINUTE = positive("USER_REQUESTS_PER_MINUTE", 600)
# How many proxies in front of the server append to X-Forwarded-For; what stands before their entries is not trusted.
TRUSTED_PROXY_COUNT = at_least(0, "TRUSTED_PROXY_COUNT", 0)

# --- Expenses -------------------------------------------------------------------------------------------------------
BIN_DAYS = positive("BIN_DAYS", 30)  # how long a deleted expense can be restored
# Streams of live changes: how often a process asks for revisions, and how many there may be in one and of one user.
LIVE_INTERVAL_MS = at_least(50, "LIVE_INTERVAL_MS", 500)
LIVE_STREAMS = positive("LIVE_STREAMS", 2000)
LIVE_STREAMS_PER_USER = positive("LIVE_STREAMS_PER_USER", 10)

# --- The API --------------------------------------------------------------------------------------------------------
API_TITLE = env.str("API_TITLE", "Expense Tracker API")
OTP_TOTP_ISSUER = API_TITLE  # what authenticator apps show
API_DESCRIPTION = env.str(
    "API_DESCRIPTION",
    "Keep personal expenses, from a phone, a browser, a script or a spreadsheet.",
)
API_VERSION = env.str("API_VERSION", __version__)
API_CONTACT = env.str("API_CONTACT", "")  # a URL
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.permissions.TokenScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.UserRateThrottle"],
    "DEFAULT_PARSER_CLASSES": ["expense_tracker.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["expense_tracker.api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "expense_tracker.api.renderers.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "expense_tracker.api.openapi.AutoSchema",
    "DEFAULT_METADATA_CLASS": "expense_tracker.api.metadata.Metadata",
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
    "SORT_OPERATION_PARAMETERS": False,
    "CONTACT": {"name": "Whoever runs this service", **({"url": API_CONTACT} if API_CONTACT else {})},
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    # The document is served with the origin of whoever asks instead.
    "SERVERS": [{"url": "https://expenses.example"}],
    "PATH_CONVERTER_OVERRIDES": {
        "id": {"type": "integer", "format": "int64", "minimum": 1},
        "uuid": {"type": "string", "format": "uuid"},
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "Scope": "accounts.models.Session.Scope",
        "FileFormat": ["csv", "xlsx", "json"],
        "RowStatus": ["created", "duplicate", "skipped", "invalid"],
    },
    "PREPROCESSING_HOOKS": ["expense_tracker.api.openapi.hooks.order_methods"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "expense_tracker.api.openapi.hooks.order_paths",
        "expense_tracker.api.openapi.hooks.help_generators",
        "expense_tracker.docs.introduction.introduce",
    ],
    # In the order in which one needs them.
    "TAGS": [
        {"name": "Accounts", "description": "Register, and look after your own account."},
        {"name": "Sessions", "description": "Log in, get new tokens, log out, and tokens for scripts."},
        {"name": "Expenses", "description": "Create, find, change, delete and restore single expenses."},
        {"name": "Reports", "description": "Sums, categories and budgets."},
        {"name": "Sync", "description": "Keep a copy on a device: what has changed, and many changes at once."},
        {"name": "Import and export", "description": "CSV and JSON files."},
    ],
}
# Of the development servers of React and Next.js, Vite, Angular, and Expo (Metro and webpack).
DEVELOPMENT_PORTS = (3000, 5173, 4200, 8081, 19006)
CORS_ALLOWED_ORIGINS: list[str] = env.list(
    "CORS_ALLOWED_ORIGINS",
    [f"http://{host}:{port}" for port in DEVELOPMENT_PORTS for host in ("localhost", "127.0.0.1")],
)
CORS_ALLOW_HEADERS = (*default_headers, "if-match", "if-none-match", "idempotency-key", "last-event-id", "x-request-id")
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
    "RateLimit-Policy",
    "RateLimit",
]

# --- Monitoring -----------------------------------------------------------------------------------------------------
# Without it nothing is counted, and there is no /metrics.
METRICS_TOKEN = token("METRICS_TOKEN")
SENTRY_DSN = extra("SENTRY_DSN", "sentry-sdk", "requirements-sentry.txt")  # nosec B610  # no queryset
OTEL_EXPORTER_OTLP_ENDPOINT = extra(  # nosec B610
    "OTEL_EXPORTER_OTLP_ENDPOINT", "opentelemetry-exporter-otlp-proto-http", "requirements-opentelemetry.txt"
)
if OTEL_EXPORTER_OTLP_ENDPOINT:
    MIDDLEWARE.insert(0, "expense_tracker.monitoring.tracing.TracingMiddleware")

# --- Logging --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "expense_tracker.logs.JSONFormatter"}},
    "filters": {"refusals": {"()": "expense_tracker.logs.Refusals"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
            "filters": ["refusals"],
        }
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # Its warnings are the 4xx, which have their lines already.
        "django.request": {"level": "ERROR"},
    },
}
