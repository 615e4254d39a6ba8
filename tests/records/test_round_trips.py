"""Whatever a record can tell comes back as it was, and its bytes stay the same bytes."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ampera.records import (
    Edition,
    read_faces,
    read_finger_images,
    read_minutiae,
    write_faces,
    write_finger_images,
    write_minutiae,
)
from tests.records.strategies import face_records, finger_image_records, minutiae_records

EDITIONS = st.sampled_from(Edition)
thorough = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(EDITIONS.flatmap(minutiae_records))
def test_minutiae_come_back_as_they_were(record):
    data = write_minutiae(record)
    assert read_minutiae(data) == record
    assert write_minutiae(read_minutiae(data)) == data


@thorough
@given(EDITIONS.flatmap(finger_image_records))
def test_finger_images_come_back_as_they_were(record):
    data = write_finger_images(record)
    assert read_finger_images(data) == record
    assert write_finger_images(read_finger_images(data)) == data


@thorough
@given(EDITIONS.flatmap(face_records))
def test_faces_come_back_as_they_were(record):
    data = write_faces(record)
    assert read_faces(data) == record
    assert write_faces(read_faces(data)) == data
