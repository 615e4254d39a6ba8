"""Django's name for the planning station."""

from __future__ import annotations

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Service times, and later backlog, allocation and forecast."""

    name = "ampera.planning"
    label = "planning"
    default_auto_field = "django.db.models.BigAutoField"
