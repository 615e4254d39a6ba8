"""Settings of one server, from the environment only.

AMPERA_DATA names the server's folder; DATABASE_URL a PostgreSQL, else SQLite lies in that folder.
Which tier this is follows from the office code in AMPERA_OFFICE; the same package runs all three.
"""

from __future__ import annotations

import os
from pathlib import Path

from ampera.tiers.database import database_settings, secret

OFFICE = os.environ.get("AMPERA_OFFICE", "99.99.99")
DATA = Path(os.environ.get("AMPERA_DATA", "var/none"))
IS_DEMO = os.environ.get("AMPERA_DEMO", "") == "1"

SECRET_KEY = secret("AMPERA_SECRET_KEY") or "only-for-tests-and-commands-without-a-server"
DEBUG = False
ALLOWED_HOSTS = os.environ.get("AMPERA_HOSTS", "127.0.0.1,localhost,testserver").split(",")

_ALL = "register,intake,enrolment,dedup,readiness,blanko,printing,delivery"
STATIONS = [
    name
    for name in os.environ.get("AMPERA_STATIONS", _ALL).split(",")
    if (Path(__file__).parents[1] / name / "apps.py").exists()
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "ampera.journal",
    *(["ampera.sync"] if (Path(__file__).parents[1] / "sync" / "apps.py").exists() else []),
    *(f"ampera.{name}" for name in STATIONS),
    *(["ampera.screens"] if (Path(__file__).parents[1] / "screens" / "apps.py").exists() else []),
]

DATABASES = {"default": database_settings(os.environ.get("DATABASE_URL"), DATA / "ampera.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
