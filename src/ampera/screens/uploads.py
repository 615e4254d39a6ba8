"""Files from a browser stay in memory: a face or a finger is never laid on a disk in clear.

Django would write what is larger than 2.5 MB into the machine's folder for temporary files, where
whoever takes the disk away finds it.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from ampera.enrolment.rules.capture import IMAGE_BYTES_MAX

#: One byte more than an image may have is enough to say that a file is too large.
KEPT_BYTES_MAX: Final = IMAGE_BYTES_MAX + 1


class InMemory(FileUploadHandler):
    """Keeps the beginning of each file in memory; the rest is read and thrown away."""

    def new_file(self, *about: Any, **more: Any) -> None:
        super().new_file(*about, **more)
        self._kept = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what there is room for; no other handler gets anything."""
        self._kept.write(raw_data[: max(0, KEPT_BYTES_MAX - start)])

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file as the form gives it to the page."""
        self._kept.seek(0)
        return InMemoryUploadedFile(
            file=self._kept,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=min(file_size, KEPT_BYTES_MAX),
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
