"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    name = "ampera.enrolment"
    label = "enrolment"
    default_auto_field = "django.db.models.BigAutoField"
