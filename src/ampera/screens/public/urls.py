"""Addresses of the pages without a log-in. Numbers are posted: none stands in an address."""

from __future__ import annotations

from django.urls import path

from ampera.screens.public import appointments, suket, views

urlpatterns = [
    path("status/", views.status, name="status"),
    path("status.json", views.status_for_machines, name="status_json"),
    path("janji-temu/", appointments.appointment, name="janji_temu"),
    path("stok/", views.stock, name="stok"),
    path("suket/periksa", suket.check_page, name="suket_periksa"),
    path("suket/kunci.json", suket.keys, name="suket_kunci"),
    path("suket/dicabut.json", suket.ended, name="suket_dicabut"),
    path("suket/penjaga.js", suket.worker, name="suket_penjaga"),
]
