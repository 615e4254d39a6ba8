"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "ampera.sync"
    label = "sync"
    default_auto_field = "django.db.models.BigAutoField"
