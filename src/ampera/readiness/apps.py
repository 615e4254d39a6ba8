"""Django's handle on readiness."""

from __future__ import annotations

from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "ampera.readiness"
    label = "readiness"
    default_auto_field = "django.db.models.BigAutoField"
