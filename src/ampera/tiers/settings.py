"""Settings of one server, from the environment only.

AMPERA_DATA names the server's folder; DATABASE_URL a PostgreSQL, else SQLite lies in that folder.
Which tier this is follows from the office code in AMPERA_OFFICE; the same package runs all three.
`opening.become` sets these names from `server.json`; the demo city executes this module anew in
each
process it forks.
"""

from __future__ import annotations

import os
from pathlib import Path

from ampera.tiers.database import database_settings, secret

_PACKAGE = Path(__file__).parents[1]

OFFICE = os.environ.get("AMPERA_OFFICE", "99.99.99")
DATA = Path(os.environ.get("AMPERA_DATA", "var/none"))
IS_DEMO = os.environ.get("AMPERA_DEMO", "") == "1"
#: https is spoken by this server itself; behind a proxy that speaks it, AMPERA_BEHIND_PROXY=1.
TLS_CERT = os.environ.get("AMPERA_TLS_CERT", "")
TLS_KEY = os.environ.get("AMPERA_TLS_KEY", "")
IS_BEHIND_PROXY = os.environ.get("AMPERA_BEHIND_PROXY", "") == "1"

NO_SECRET = "only-for-tests-and-commands-without-a-server"  # noqa: S105 - it protects nothing
SECRET_KEY = secret("AMPERA_SECRET_KEY") or NO_SECRET
DEBUG = False
ALLOWED_HOSTS = os.environ.get("AMPERA_HOSTS", "127.0.0.1,localhost,testserver").split(",")

_ALL = (
    "register,intake,appointments,enrolment,dedup,readiness,"
    "blanko,printing,delivery,suket,withdrawal,planning"
)
STATIONS = [
    name
    for name in os.environ.get("AMPERA_STATIONS", _ALL).split(",")
    if (_PACKAGE / name / "apps.py").exists()
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "ampera.journal",
    *(["ampera.sync"] if (_PACKAGE / "sync" / "apps.py").exists() else []),
    *(f"ampera.{name}" for name in STATIONS),
    *(f"ampera.{name}" for name in ("screens", "api") if (_PACKAGE / name / "apps.py").exists()),
]

MIDDLEWARE = [
    "ampera.tiers.middleware.ShortWay",
    "ampera.tiers.middleware.Faults",
    "django.middleware.security.SecurityMiddleware",
    "ampera.tiers.middleware.ContentPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ampera.tiers.middleware.Squeeze",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "ampera.tiers.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.template.context_processors.i18n",
                *(
                    ["ampera.screens.context.office_context"]
                    if (_PACKAGE / "screens" / "context.py").exists()
                    else []
                ),
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {
    "default": {
        # Threads keep their connection: opening one costs more than most queries.
        "CONN_MAX_AGE": None,
        **database_settings(secret("DATABASE_URL"), DATA / "ampera.sqlite3"),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
USE_I18N = True
TIME_ZONE = "Asia/Jakarta"
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# 127.0.0.1 shares cookies over ports, and the demo city has 18 of them.
SESSION_COOKIE_NAME = f"ampera_{OFFICE}_session"
CSRF_COOKIE_NAME = f"ampera_{OFFICE}_csrf"
LANGUAGE_COOKIE_NAME = f"ampera_{OFFICE}_language"
IS_SECURE = bool(TLS_CERT) or IS_BEHIND_PROXY
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # one working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
if IS_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if IS_SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
#: A capture's images are the largest thing that a browser sends.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 8
FILE_UPLOAD_HANDLERS = ["ampera.screens.uploads.InMemory"]

LOGGING_CONFIG = None  # `faults.log_to` sets up the log once the server knows its folder
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # who redirects to https is the proxy in front

#: Where messages to residents go; `devices.messages` reads the address.
MESSAGES = os.environ.get("AMPERA_MESSAGES", "")
MESSAGES_TOKEN = secret("AMPERA_MESSAGES_TOKEN") or ""

#: Wall seconds between two ticks; a number from 0.05 to 10, looked at by a check.
TICK_SECONDS = os.environ.get("AMPERA_TICK_SECONDS", "1")

#: What this server answers: pages for people, the api for machines, the post of servers below.
_PARTS = os.environ.get("AMPERA_PARTS", "screens,api,post").split(",")
HAS_SCREENS = "screens" in _PARTS and (_PACKAGE / "screens" / "urls.py").exists()
HAS_API = "api" in _PARTS and (_PACKAGE / "api" / "urls.py").exists()
HAS_POST = "post" in _PARTS and (_PACKAGE / "api" / "post_urls.py").exists()

#: Borders of the kecamatan for the city map, a GeoJSON with `kode` in its properties; without one
#: the map is drawn in tiles.
MAP_GEOJSON = os.environ.get("AMPERA_MAP_GEOJSON", "")
