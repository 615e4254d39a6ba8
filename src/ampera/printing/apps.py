"""Django's name for the printing station."""

from __future__ import annotations

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """Spends one blanko on one permit."""

    name = "ampera.printing"
    label = "printing"
    default_auto_field = "django.db.models.BigAutoField"
