"""Django's name for the withdrawal station."""

from __future__ import annotations

from django.apps import AppConfig


class WithdrawalConfig(AppConfig):
    """Cards that are taken back, until they are destroyed."""

    name = "ampera.withdrawal"
    label = "withdrawal"
    default_auto_field = "django.db.models.BigAutoField"
