"""Django's name for the suket station."""

from __future__ import annotations

from django.apps import AppConfig


class SuketConfig(AppConfig):
    """Interim letters while blanko lack."""

    name = "ampera.suket"
    label = "suket"
    default_auto_field = "django.db.models.BigAutoField"
