"""All settings. Values that differ between desks come from the environment through `core.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF

from factcheck.core import env
from factcheck.launch.places import broker_url

django_stubs_ext.monkeypatch()

BASE_DIR: Final = Path(__file__).resolve().parent.parent
# Everything the embedded default writes lives here; a newsroom mounts it or sets the URLs below.
DATA_DIR: Final = Path(env.text("DATA_DIR", str(BASE_DIR / "var")))
VERSION: Final = "0.1.0"

# --- this instance ------------------------------------------------------------------------------------
DEBUG = env.boolean("DEBUG", default=False)
SECRET_KEY = env.secret_key("SECRET_KEY", DATA_DIR / "secret-key")
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_base = urlsplit(BASE_URL)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", f"{_base.hostname},127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"]
DESK_NAME = env.text("DESK_NAME", "Fact desk")
# What others may do with the data; an address, in the dump and in every ClaimReview of it.
DATA_LICENCE = env.text("DATA_LICENCE", "https://creativecommons.org/licenses/by/4.0/")
# Named to the sites we ask for evidence, so that they can reach us instead of blocking us.
CONTACT = env.text("CONTACT", BASE_URL)
# host:port pairs inside the house that may be fetched although they are not public addresses.
OUTBOUND_ALLOWED = frozenset(env.words("OUTBOUND_ALLOWED"))
# Seconds between two requests to one host for what is taken in as an article, over all workers.
HOST_INTERVAL_SECONDS = env.integer("HOST_INTERVAL_SECONDS", 2, least=0)
# Folders a document collection may read; sources name a folder below it.
DOCUMENTS_DIR: Final = Path(env.text("DOCUMENTS_DIR", str(DATA_DIR / "documents")))

# --- applications -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "factcheck.core",
    "factcheck.audit",
    "articles",
    "reviews",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "factcheck.core.static.FilesMiddleware",
    "factcheck.core.middleware.RequestIdMiddleware",
    "factcheck.core.open.OpenMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reviews.middleware.ReaderMiddleware",
    "factcheck.core.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "factcheck.urls"
WSGI_APPLICATION = "factcheck.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "factcheck.core.context.desk",
            ],
        },
    }
]

# --- database -----------------------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", f"sqlite:///{quote(str(DATA_DIR / 'factcheck.sqlite3'))}")}
DATABASES["default"]["TEST"] = {"NAME": env.text("TEST_DATABASE", "")} if env.text("TEST_DATABASE", "") else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- queue --------------------------------------------------------------------------------------------
# Without REDIS_URL the embedded Valkey listens on a unix socket below DATA_DIR.
REDIS_URL = env.text("REDIS_URL", "")
CELERY_BROKER_URL = REDIS_URL or broker_url(DATA_DIR)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # The longest task ends well before this; what a killed worker held is given out again after it.
    "visibility_timeout": env.integer("BROKER_VISIBILITY_SECONDS", 300, least=5),
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    # A page or command that finds the broker gone must know at once, not after a hundred tries.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_timeout": 10,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_PUBLISH_RETRY = False  # a page must not wait for a broker that is gone; the sweeper sends it later
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-prefill": {
        "task": "articles.sweep",
        "schedule": env.integer("SWEEP_SECONDS", 5, least=1),
        "options": {"expires": 60},  # what gathered while no worker was there is one sweep's work
    },
    "watch": {
        "task": "articles.watch_due",
        "schedule": env.integer("SWEEP_SECONDS", 5, least=1),
        "options": {"expires": 60},
    },
    "pages-due": {"task": "articles.pages_due", "schedule": 30, "options": {"expires": 60}},
    "archives-due": {"task": "articles.archives_due", "schedule": 60, "options": {"expires": 60}},
    "copies-due": {"task": "articles.copies_due", "schedule": 60, "options": {"expires": 60}},
    "discard-snapshots": {"task": "articles.discard_snapshots", "schedule": 3600, "options": {"expires": 600}},
    "tell-of-lost-sources": {"task": "reviews.tell_of_lost_sources", "schedule": 60, "options": {"expires": 60}},
    "scan-documents": {"task": "articles.scan_documents", "schedule": 60},
    # To the second. A tick that waited longer than ten is dropped: the one behind it does the same.
    "publish-due": {"task": "reviews.publish_due", "schedule": 1, "options": {"expires": 10}},
    "recheck-due": {"task": "reviews.recheck_due", "schedule": 60},
    # The second attempt is due five seconds after the first.
    "sweep-webhooks": {"task": "reviews.sweep_webhooks", "schedule": env.integer("SWEEP_SECONDS", 5, least=1)},
    "followups-tick": {"task": "reviews.followups_tick", "schedule": 60, "options": {"expires": 120}},
    "queries-tick": {"task": "reviews.queries_tick", "schedule": 30, "options": {"expires": 60}},
    "sweep-tools-pages": {"task": "reviews.sweep_tools_pages", "schedule": 60, "options": {"expires": 60}},
    "sweep-submissions": {
        "task": "reviews.sweep_submissions",
        "schedule": env.integer("SWEEP_SECONDS", 5, least=1),
        "options": {"expires": 60},
    },
    "sweep-materials": {
        "task": "reviews.sweep_materials",
        "schedule": env.integer("SWEEP_SECONDS", 5, least=1),
        "options": {"expires": 60},
    },
    "sweep-ticks": {"task": "reviews.sweep_ticks", "schedule": 60, "options": {"expires": 60}},
    "move-deadlines": {"task": "reviews.move_deadlines", "schedule": 60, "options": {"expires": 60}},
    "return-abandoned": {"task": "reviews.return_abandoned", "schedule": 300},
    "rank-claims": {
        "task": "reviews.rank_claims",
        "schedule": env.integer("SWEEP_SECONDS", 5, least=1),
        "options": {"expires": 60},
    },
    "send-digests": {"task": "reviews.send_digests", "schedule": 600, "options": {"expires": 300}},
    "tidy-notices": {"task": "reviews.tidy_notices", "schedule": 3600},
    "sweep-outgoing": {"task": "reviews.sweep_outgoing", "schedule": 30, "options": {"expires": 60}},
    "tell-of-time": {"task": "reviews.tell_of_time", "schedule": 60, "options": {"expires": 60}},
    "heartbeat": {"task": "core.heartbeat", "schedule": 10},
    "tidy": {"task": "core.tidy", "schedule": 3600},
}
# How long a worker may hold one source consultation before the sweeper gives it to another.
PREFILL_LEASE_SECONDS = env.integer("PREFILL_LEASE_SECONDS", 90, least=2)
# The same for one look at a watched place, and for one of its stories.
WATCH_LEASE_SECONDS = env.integer("WATCH_LEASE_SECONDS", 240, least=2)
# Between two looks at a page that evidence rests on; 0 keeps it once and does not look again.
PAGES_EVERY_HOURS = env.integer("PAGES_EVERY_HOURS", 24, least=0)
# After so long the bytes no kept evidence rests on are thrown away; 0 keeps them for good.
SNAPSHOT_KEEP_DAYS = env.integer("SNAPSHOT_KEEP_DAYS", 0, least=0)
PREFILL_MAX_TRIES = env.integer("PREFILL_MAX_TRIES", 4, least=1)
# A question that could not be asked for so long ends as "not consulted".
PREFILL_DEADLINE_HOURS = env.integer("PREFILL_DEADLINE_HOURS", 24, least=1)

# --- e-mail -------------------------------------------------------------------------------------------
# Off without an address such as smtp+tls://user:password@mail.example:587
EMAIL_URL = env.text("EMAIL_URL", "")
EMAIL_ON = bool(EMAIL_URL)
for _name, _value in env.mail("EMAIL_URL", EMAIL_URL).items():
    globals()[_name] = _value
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", f"factcheck@{_base.hostname}")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"

# --- language models ----------------------------------------------------------------------------------
# Off without an address; see docs/language-models.md. The key is sent to that address and nowhere else.
LLM_BASE_URL = env.text("LLM_BASE_URL", "").strip().rstrip("/")
LLM_MODEL = env.text("LLM_MODEL", "").strip()
LLM_API_KEY = env.text("LLM_API_KEY", "").strip()
LLM_TOKENS_PER_ARTICLE = env.integer("LLM_TOKENS_PER_ARTICLE", 60_000, least=1)
LLM_TOKENS_PER_DAY = env.integer("LLM_TOKENS_PER_DAY", 2_000_000, least=1)
LLM_TOKENS_PER_ANSWER = env.integer("LLM_TOKENS_PER_ANSWER", 3_000, least=100)
LLM_SECONDS_PER_CALL = env.integer("LLM_SECONDS_PER_CALL", 60, least=1)
# Together with a margin this stays below the broker's visibility time-out, or a task would be given out twice.
LLM_SECONDS_PER_ARTICLE = env.integer("LLM_SECONDS_PER_ARTICLE", 150, least=1)

# --- Google's Fact Check Tools ------------------------------------------------------------------------
# Off without the key file of a service account (JSON): then what is published is pushed there.
FACTCHECKTOOLS_ACCOUNT = env.text("FACTCHECKTOOLS_ACCOUNT", "").strip()
FACTCHECKTOOLS_URL = env.text("FACTCHECKTOOLS_URL", "https://factchecktools.googleapis.com").rstrip("/")

# --- people and security ------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "reviews.accounts.DeskBackend"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "reviews:queue"
LOGOUT_REDIRECT_URL = "login"
_https = _base.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "__Host-sessionid" if _https else "sessionid"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_HTTPONLY = False  # htmx sends it in a header; the token is in the page anyway
SECURE_SSL_REDIRECT = _https and env.boolean("SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("BEHIND_PROXY", default=False) else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _https
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- language, time, files ----------------------------------------------------------------------------
LANGUAGES = [("en-gb", "English"), ("ar", "العربية")]
# What the public reads, and whoever chose nothing and whose browser asks for nothing that is here.
LANGUAGE_CODE = env.choice("DESK_LANGUAGE", "en-gb", [code for code, _name in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "factcheck.core.static.VersionedFiles"},
}
WHITENOISE_USE_FINDERS = True

# --- API ----------------------------------------------------------------------------------------------
# Requests a minute: with one key or by one person, and from one address without either.
API_RATE_KEY = env.integer("API_RATE_KEY", 600, least=1)
API_RATE_ADDRESS = env.integer("API_RATE_ADDRESS", 300, least=1)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "factcheck.core.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "URL_FORMAT_OVERRIDE": None,  # `format` is no parameter here, and is refused like every other that is not known
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "factcheck.core.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Factcheck",
    "DESCRIPTION": "Articles in; claims, evidence and verdicts out.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "reviews.api.describing.describe"],
    "ENUM_NAME_OVERRIDES": {
        "ArticleState": "articles.workflow.ArticleState",
        "ClaimState": "articles.workflow.ClaimState",
        "ReviewState": "reviews.workflow.ReviewState",
        "PublicationState": "reviews.workflow.PublicationState",
        "EvidenceState": "articles.choices.EvidenceState",
        "RunState": "articles.choices.RunState",
        "ClaimKind": "articles.choices.ClaimKind",
        "EvidenceKind": "articles.choices.EvidenceKind",
        "Stance": "articles.choices.Stance",
        "FactLabel": "reviews.choices.FactLabel",
        "MaterialState": "reviews.choices.MaterialState",
        "WaitKindEnum": "reviews.choices.WaitKind",
        "PublicEvent": "reviews.choices.PUBLIC_EVENT_NAMES",
    },
}

# --- logs ---------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "factcheck.core.logs.RequestIdFilter"}},
    "formatters": {
        "plain": {"format": "{asctime} {levelname:<7} {name} [{request_id}] {message}", "style": "{"},
        "json": {"()": "factcheck.core.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": env.text("LOG_FORMAT", "plain"),
        }
    },
    "root": {"handlers": ["stderr"], "level": env.text("LOG_LEVEL", "INFO")},
    # httpcore at DEBUG would write out headers, and with them what servers repeat of our keys.
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}, "axes": {"level": "WARNING"}},
}
