"""Where the machine interface is reached. The post has addresses of its own (`post_urls`)."""

from __future__ import annotations

from django.urls import path

from ampera.api.v1.interface import v1

urlpatterns = [path("v1/", v1.urls)]
