"""Django's handle on the blanko books."""

from __future__ import annotations

from django.apps import AppConfig


class BlankoConfig(AppConfig):
    name = "ampera.blanko"
    label = "blanko"
    default_auto_field = "django.db.models.BigAutoField"
