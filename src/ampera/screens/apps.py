"""Django's name for this folder."""

from __future__ import annotations

from django.apps import AppConfig


class ScreensConfig(AppConfig):
    name = "ampera.screens"
    label = "screens"
