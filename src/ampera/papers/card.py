"""The face of a KTP-el: a person's data on one side of a blank, none of the blank's own artwork.

The blank arrives with its artwork printed by the ministry. Ampera adds text, portrait and
signature only, and puts SPESIMEN across the face unless a provisioned production office says
otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from ampera.papers.fit import Fitted, Room, fit
from ampera.papers.fonts import BOLD, REGULAR, UnprintableText, require_printable
from ampera.papers.layout import PT_PER_MM, Box, Layout, Row, layout
from ampera.papers.pens import PdfPen, Pen, SvgPen
from ampera.papers.portrait import PORTRAIT_LIMITS, SIGNATURE_LIMITS, ImageLimits, read_image
from ampera.words import Nik, Refusal

#: The layout that new cards are printed with.
LAYOUT_IN_USE: Final = "wni-1"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CardFace:
    """All that is printed on a card of a WNI (domain §3.2), spelled as it will stand there.

    Nothing is put into capitals, translated or completed here: the permit names the hash of these
    fields.
    """

    provinsi: str  #: without the word PROVINSI
    kabkota: str  #: with its kind: `KOTA PALEMBANG`, `KABUPATEN OGAN ILIR`
    nik: Nik
    nama: str  #: up to 60 characters (Permendagri 73/2022)
    tempat_lahir: str
    tanggal_lahir: date
    jenis_kelamin: str
    golongan_darah: str
    alamat: str
    rt: str
    rw: str
    kelurahan: str
    kecamatan: str
    agama: str
    status_perkawinan: str
    pekerjaan: str
    kewarganegaraan: str
    berlaku_hingga: str  #: `SEUMUR HIDUP` for a WNI
    portrait: bytes  #: JPEG or PNG, its background already in the colour of the birth year
    signature: bytes | None  #: PNG; None where a biometric exception stands for it: a line is drawn
    issued_in: str  #: place of issue
    issued_on: date
    is_specimen: bool = True  #: False is for a provisioned production office only

    def __repr__(self) -> str:  # Tracebacks and logs must not carry a person's data.
        return f"CardFace({self.nik.masked})"


class CardFaceError(ValueError):
    """The face cannot be printed whole. `field` names the part of `CardFace` that is in the way."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field

    @property
    def refusal(self) -> Refusal:
        """The same as an answer for the officer who asked for the card."""
        return Refusal("papers.field_does_not_fit", field=self.field)


class FieldDoesNotFit(CardFaceError):
    """A text is too long even in the smallest size and on as many lines as its row may have."""

    def __init__(self, field: str) -> None:
        super().__init__(field, "the text is too long for the card")


class PictureUnusable(CardFaceError):
    """The portrait or the signature is no sound, upright image. `reason` is why."""

    def __init__(self, field: str, reason: Refusal | str) -> None:
        super().__init__(field, reason if isinstance(reason, str) else reason.code)
        self.reason = reason


def card_face(card: CardFace, *, layout_name: str = LAYOUT_IN_USE) -> bytes:
    """The face as a one-page PDF of exactly 85.60 x 53.98 mm, fonts embedded, white background.

    The same card gives the same bytes, in every process. Raises FieldDoesNotFit, PictureUnusable or
    UnprintableText, each naming the field; nothing is ever cut short.
    """
    return _drawn(card, PdfPen(layout(layout_name)))


def card_picture(card: CardFace, *, layout_name: str = LAYOUT_IN_USE) -> bytes:
    """The same face as an SVG picture, for whoever compares the card in the hand with it.

    Raises what `card_face` raises.
    """
    return _drawn(card, SvgPen(layout(layout_name)))


def _drawn(card: CardFace, pen: Pen) -> bytes:
    _require_letters(card)
    rows = _rows(card, pen.layout)
    _draw_pictures(pen, card)
    if card.is_specimen:
        # Across the face, over the portrait and under the text: seen at once, all stays readable.
        pen.specimen(pen.layout.specimen)
    _draw_heading(pen, card)
    _draw_rows(pen, card, rows)
    _draw_issue(pen, card)
    return pen.done()


def face_refusal(card: CardFace, *, layout_name: str = LAYOUT_IN_USE) -> Refusal | None:
    """Would this face be refused? To be asked before a blank is reserved for it."""
    try:
        card_face(card, layout_name=layout_name)
    except CardFaceError as no:
        return no.refusal
    except UnprintableText as no:
        return Refusal("papers.field_does_not_fit", field=no.field)
    return None


def _face(bold: bool) -> str:
    return BOLD if bold else REGULAR


def _stretch(pen: Pen) -> float:
    return pen.layout.text.width_percent / 100


def _text_fields(card: CardFace) -> dict[str, str]:
    """Every text that will be printed, under the name of its field in `CardFace`."""
    return {
        "provinsi": card.provinsi,
        "kabkota": card.kabkota,
        "nama": card.nama,
        "tempat_lahir": card.tempat_lahir,
        "jenis_kelamin": card.jenis_kelamin,
        "golongan_darah": card.golongan_darah,
        "alamat": card.alamat,
        "rt": card.rt,
        "rw": card.rw,
        "kelurahan": card.kelurahan,
        "kecamatan": card.kecamatan,
        "agama": card.agama,
        "status_perkawinan": card.status_perkawinan,
        "pekerjaan": card.pekerjaan,
        "kewarganegaraan": card.kewarganegaraan,
        "berlaku_hingga": card.berlaku_hingga,
        "issued_in": card.issued_in,
    }


def _require_letters(card: CardFace) -> None:
    for field, text in _text_fields(card).items():
        require_printable(text, field=field)


def _date(on: date) -> str:
    """`07-09-2017`, as dates stand on the card."""
    return f"{on.day:02d}-{on.month:02d}-{on.year:04d}"


def _value(card: CardFace, key: str) -> str:
    """What stands in a row: two rows join two fields, all others are one field."""
    match key:
        case "tempat_lahir":
            return f"{card.tempat_lahir}, {_date(card.tanggal_lahir)}"
        case "rt":
            return f"{card.rt}/{card.rw}"
        case _:
            return _text_fields(card)[key]


def _fitted(text: str, *, field: str, room: Room, bold: bool = False) -> Fitted:
    found = fit(text, font=_face(bold), room=room)
    if found is None:
        raise FieldDoesNotFit(field)
    return found


def _rows(card: CardFace, used: Layout) -> list[tuple[Row, Fitted]]:
    """Fit every row. Raises FieldDoesNotFit, also when wrapped rows need too much height."""
    found = []
    for row in used.rows:
        room = Room(
            width_pt=(row.width_mm or used.column.width_mm) * PT_PER_MM,
            size_pt=used.text.value_pt,
            size_pt_min=used.text.value_pt_min,
            lines_max=row.lines_max,
            stretch=used.text.width_percent / 100,
            step_pt=used.text.size_step_pt,
        )
        found.append((row, _fitted(_value(card, row.key), field=row.key, room=room)))
    if _pitch_mm(used, _extra_lines(found)) < used.column.pitch_mm_min:
        # The column is one whole: the last row that wrapped pushes it over the edge.
        raise FieldDoesNotFit(next(row.key for row, text in reversed(found) if len(text.lines) > 1))
    return found


def _extra_lines(rows: list[tuple[Row, Fitted]]) -> int:
    return sum(len(text.lines) - 1 for _, text in rows)


def _pitch_mm(used: Layout, extra_lines: int) -> float:
    """How far apart rows stand when so many of them take a second line."""
    column = used.column
    height = column.bottom_mm - column.top_mm - extra_lines * column.wrap_mm
    return min(column.pitch_mm, height / (len(used.rows) - 1))


def _draw_heading(pen: Pen, card: CardFace) -> None:
    heading = pen.layout.heading
    room = Room(
        width_pt=heading.width_mm * PT_PER_MM,
        size_pt=heading.pt,
        size_pt_min=heading.pt_min,
        stretch=_stretch(pen),
    )
    for field, text, y_mm in (
        ("provinsi", f"PROVINSI {card.provinsi}", heading.provinsi_y_mm),
        ("kabkota", card.kabkota, heading.kabkota_y_mm),
    ):
        line = _fitted(text, field=field, room=room, bold=True)
        pen.centred(
            line.lines[0], x_mm=heading.center_x_mm, y_mm=y_mm, size_pt=line.size_pt, bold=True
        )
    nik = pen.layout.nik
    pen.text("NIK", x_mm=nik.label_x_mm, y_mm=nik.y_mm, size_pt=nik.pt, bold=True)
    pen.text(f": {card.nik.digits}", x_mm=nik.value_x_mm, y_mm=nik.y_mm, size_pt=nik.pt, bold=True)


def _draw_rows(pen: Pen, card: CardFace, rows: list[tuple[Row, Fitted]]) -> None:
    column, text = pen.layout.column, pen.layout.text
    pitch = _pitch_mm(pen.layout, _extra_lines(rows))
    y_mm = column.top_mm
    for row, value in rows:
        pen.text(
            row.label, x_mm=column.label_x_mm + row.indent_mm, y_mm=y_mm, size_pt=text.label_pt
        )
        pen.text(":", x_mm=column.colon_x_mm, y_mm=y_mm, size_pt=text.label_pt)
        if row.key == "jenis_kelamin":
            _draw_golongan_darah(pen, card, y_mm)
        for number, line in enumerate(value.lines):
            y_mm += column.wrap_mm if number else 0.0
            pen.text(line, x_mm=column.value_x_mm, y_mm=y_mm, size_pt=value.size_pt)
        y_mm += pitch


def _draw_golongan_darah(pen: Pen, card: CardFace, y_mm: float) -> None:
    beside, text = pen.layout.golongan_darah, pen.layout.text
    room = Room(
        width_pt=beside.width_mm * PT_PER_MM,
        size_pt=text.value_pt,
        size_pt_min=text.value_pt_min,
        stretch=_stretch(pen),
        step_pt=text.size_step_pt,
    )
    value = _fitted(f": {card.golongan_darah}", field="golongan_darah", room=room)
    pen.text(beside.label, x_mm=beside.label_x_mm, y_mm=y_mm, size_pt=text.label_pt)
    pen.text(value.lines[0], x_mm=beside.value_x_mm, y_mm=y_mm, size_pt=value.size_pt)


def _draw_issue(pen: Pen, card: CardFace) -> None:
    issue = pen.layout.issue
    room = Room(
        width_pt=issue.width_mm * PT_PER_MM,
        size_pt=issue.pt,
        size_pt_min=issue.pt_min,
        lines_max=2,
        stretch=_stretch(pen),
    )
    place = _fitted(card.issued_in, field="issued_in", room=room)
    lower_mm = 0.0
    for number, line in enumerate(place.lines):
        lower_mm = number * issue.wrap_mm
        y_mm = issue.place_y_mm + lower_mm
        pen.centred(line, x_mm=issue.center_x_mm, y_mm=y_mm, size_pt=place.size_pt)
    y_mm = issue.date_y_mm + lower_mm
    pen.centred(_date(card.issued_on), x_mm=issue.center_x_mm, y_mm=y_mm, size_pt=issue.pt)


def _draw_pictures(pen: Pen, card: CardFace) -> None:
    _draw_picture(
        pen, card.portrait, field="portrait", box=pen.layout.portrait, limits=PORTRAIT_LIMITS
    )
    box = pen.layout.signature
    if card.signature is not None:
        _draw_picture(pen, card.signature, field="signature", box=box, limits=SIGNATURE_LIMITS)
        return
    # Who cannot sign has a line in the place of a signature (domain §2.7).
    pen.line(
        x_mm=box.x_mm + box.width_mm / 4,
        y_mm=box.y_mm + box.height_mm / 2,
        width_mm=box.width_mm / 2,
    )


def _draw_picture(pen: Pen, data: bytes, *, field: str, box: Box, limits: ImageLimits) -> None:
    """Draw an image as large as its box allows, in its own proportions, centred."""
    facts = read_image(
        data, kinds=limits.kinds, bytes_max=limits.bytes_max, pixels_max=limits.pixels_max
    )
    if isinstance(facts, Refusal):
        raise PictureUnusable(field, facts)
    if not facts.is_upright:
        # A PDF ignores the camera's turning mark: the face would lie on its side.
        raise PictureUnusable(field, "the image carries a mark to be turned")
    scale = min(box.width_mm / facts.width_px, box.height_mm / facts.height_px)
    width_mm, height_mm = facts.width_px * scale, facts.height_px * scale
    fitted = Box(
        x_mm=box.x_mm + (box.width_mm - width_mm) / 2,
        y_mm=box.y_mm + (box.height_mm - height_mm) / 2,
        width_mm=width_mm,
        height_mm=height_mm,
    )
    pen.picture(data, kind=facts.kind, box=fitted)
