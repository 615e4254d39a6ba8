"""Django's name for the delivery station."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """Custody of finished cards."""

    name = "ampera.delivery"
    label = "delivery"
    default_auto_field = "django.db.models.BigAutoField"
