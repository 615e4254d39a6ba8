"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "ampera.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"
