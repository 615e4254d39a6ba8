"""What every server of a city would work out for itself is worked out once, before the fork.

Django fills its caches at the first query, the first page and the first template: five megabytes a
process, in 36 processes. No database is opened here.
"""

from __future__ import annotations

import gc
from importlib import import_module
from typing import Final

#: What a server would import at its first request or tick.
_MODULES: Final = (
    *("ampera.tiers.urls", "ampera.tiers.wiring", "ampera.tiers.parts", "ampera.tiers.bulk"),
    *("ampera.tiers.web", "ampera.tiers.checks", "ampera.tiers.rendering", "ampera.tiers.doors"),
    *("ampera.devices.ipp.client", "ampera.devices.simulated.house", "ampera.sync.http"),
    *("django.contrib.sessions.backends.db", "django.contrib.sessions.serializers"),
    *("django.db.migrations.recorder", "django.db.models.sql.compiler", "django.core.wsgi"),
    *("granian.wsgi", "granian._granian", "_strptime", "encodings.idna"),
)


def warm_up() -> None:
    """Import and compute everything that all servers share. Django must be set up."""
    from django.apps import apps
    from django.db import connections
    from django.urls import get_resolver

    from ampera.tiers.web import application
    from ampera.tiers.wiring import make_registry

    for name in _MODULES:
        import_module(name)
    make_registry()
    for model in apps.get_models():
        str(model._default_manager.all().query)  # compiled, not asked
        _ = model._meta.related_objects, model._meta.fields_map, model._meta.many_to_many
    application()
    # Asking for an address that is not there makes the resolver read all that are.
    get_resolver()._populate()
    connections.close_all()


def share() -> None:
    """Called last before the first fork: what was made so far is never looked at for garbage."""
    gc.collect()
    gc.freeze()
