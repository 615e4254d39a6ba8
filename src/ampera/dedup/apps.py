"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class DedupConfig(AppConfig):
    name = "ampera.dedup"
    label = "dedup"
    default_auto_field = "django.db.models.BigAutoField"
