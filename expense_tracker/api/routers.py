"""The router, and the path converters: how the parts of a URL are written."""

from django.urls.converters import IntConverter
from rest_framework.routers import SimpleRouter

LARGEST_ID = 2**63 - 1


class IdConverter(IntConverter):
    """An id in its one canonical form. `067`, `+67` and more than the database can count name nothing: 404."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > LARGEST_ID:
            raise ValueError
        return number


class Router(SimpleRouter):
    """Route viewsets without trailing slashes; a viewset names its path converter as `lookup_value_converter`."""

    def __init__(self) -> None:
        super().__init__(trailing_slash=False, use_regex_path=False)
