"""JSON out, whatever a client says that it accepts."""

from collections.abc import Mapping
from typing import Any

import orjson
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


def to_json(data: Any) -> bytes:
    """Dates as `YYYY-MM-DD`, times in UTC with `Z`. What orjson does not know is lazy text."""
    return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else to_json(data)


class AlwaysJSON(DefaultContentNegotiation):
    """Parsers are chosen by Content-Type as ever; Accept is disregarded, as RFC 9110 (section 12.5.1) allows: there
    is one representation, and an error in another one would be of no use."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        parser = super().select_parser(request, parsers)
        if parser is None:
            wanted = " or ".join(each.media_type for each in parsers)
            detail = f'Unsupported media type "{request.content_type}" in request. Send {wanted}.'
            raise UnsupportedMediaType(request.content_type, detail)
        return parser

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
