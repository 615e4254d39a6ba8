"""A release that is put on the disk under a running server gives nobody half a page."""

from __future__ import annotations

import subprocess
import sys

READS = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "ampera.tiers.settings"
import django
django.setup()
from ampera.tiers.web import application
application()
import builtins
from django.template.loader import get_template
def shut(*about, **more): raise AssertionError(f"read from the disk: {about[0]}")
builtins.open = shut
for name in ("screens/login.html", "screens/base.html", "screens/_command.html"):
    get_template(name)
print("nothing was read")
"""


def test_every_template_was_read_before_the_first_visit():
    done = subprocess.run(
        [sys.executable, "-c", READS], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "nothing was read\n", done.stderr
