"""Addresses of the pages without a log-in. Numbers are posted: none stands in an address."""

from __future__ import annotations

from django.urls import path

from ampera.screens.public import views

urlpatterns = [
    path("status/", views.status, name="status"),
    path("status.json", views.status_for_machines, name="status_json"),
    path("stok/", views.stock, name="stok"),
]
