"""Reads a form that may have a picture with it: its fields, and the bytes of one file."""

from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

from newsletter.public.bodies import MOST, Form, beginning_of, body_of, form_of

_MOST_PARTS = 50
_PICTURE = "picture"  # the field of the file


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What somebody sent by a form."""

    fields: Form
    picture: bytes = field(default=b"", repr=False)
    refused: int = 0  # the status for which its picture was not read whole


def posted_of(request: Request) -> Posted:
    """Return what was posted; raise HTTPException for what is no form, or has too many words.

    Of a picture that is too large the fields before it are there all the same.
    """
    kind, options = parse_options_header(request.headers.get("content-type", "")[:300])
    if kind != b"multipart/form-data":
        return Posted(fields=form_of(request))
    boundary = options.get(b"boundary", b"")
    if beginning := beginning_of(request):
        parts = _parts_of(beginning, boundary, is_whole=False)
        return Posted(fields=parts.fields, refused=getattr(request.state, "body", 413))
    parts = _parts_of(body_of(request), boundary, is_whole=True)
    return Posted(fields=parts.fields, picture=parts.picture)


def _parts_of(body: bytes, boundary: bytes, *, is_whole: bool) -> "_Parts":
    if not boundary:
        raise HTTPException(400)
    parts = _Parts()
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": parts.begin,
                "on_header_field": parts.take_name,
                "on_header_value": parts.take_value,
                "on_header_end": parts.end_header,
                "on_headers_finished": parts.end_headers,
                "on_part_data": parts.take_data,
                "on_part_end": parts.end,
                "on_end": parts.end_all,
            },
        )
        parser.write(body)
    except FormParserError as err:
        raise HTTPException(400) from err
    if is_whole and not parts.is_whole:
        raise HTTPException(400)
    return parts


class _Parts:
    """Gathers the parts of a form as the parser comes by them."""

    def __init__(self) -> None:
        self._fields: list[tuple[str, str]] = []
        self.picture = b""
        self.is_whole = False
        self._count = self._words = 0
        self.begin()

    @property
    def fields(self) -> Form:
        """Return the fields that hold words."""
        return Form(self._fields)

    def begin(self) -> None:
        self._headers: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._field, self._is_file = "", False
        self._data = bytearray()

    def take_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def take_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def end_header(self) -> None:
        self._headers[self._name.lower()] = self._value
        self._name = self._value = b""

    def end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._field = options.get(b"name", b"").decode("utf-8", "replace").replace("\0", "")
        self._is_file = b"filename" in options
        self._count += 1
        if not self._field or self._count > _MOST_PARTS:
            raise HTTPException(400)

    def take_data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._words += end - start
            if self._words > MOST:
                raise HTTPException(413)
        self._data += data[start:end]

    def end_all(self) -> None:
        self.is_whole = True

    def end(self) -> None:
        if not self._is_file:
            text = self._data.decode("utf-8", "replace").replace("\0", "")
            self._fields.append((self._field, text))
        elif self._field == _PICTURE:
            self.picture = bytes(self._data)
