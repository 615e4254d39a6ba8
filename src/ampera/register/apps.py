"""Django's handle on the register."""

from __future__ import annotations

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "ampera.register"
    label = "register"
    default_auto_field = "django.db.models.BigAutoField"
