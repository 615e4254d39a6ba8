"""Django's name for the appointments station."""

from __future__ import annotations

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    """Days that are promised to residents."""

    name = "ampera.appointments"
    label = "appointments"
    default_auto_field = "django.db.models.BigAutoField"
