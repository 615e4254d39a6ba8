"""Which addresses a server has. Screens and api say their own; here stands where they begin."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from ampera.tiers.health import healthz
from ampera.tiers.print_names import print_name

handler400 = "ampera.tiers.faults.unreadable"
handler500 = "ampera.tiers.faults.broken"

urlpatterns: list[URLPattern | URLResolver] = [path("healthz", healthz, name="healthz")]
if settings.HAS_POST:
    urlpatterns += [
        path("", include("ampera.api.post_urls")),
        path("post/<str:sender>/print-names/<str:about>", print_name, name="post-print-name"),
    ]
if settings.HAS_API:
    urlpatterns.append(path("api/", include("ampera.api.urls")))
if settings.HAS_SCREENS:
    urlpatterns.append(path("", include("ampera.screens.urls")))
