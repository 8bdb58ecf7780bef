"""Model fields that behave alike on SQLite and PostgreSQL."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class CodePointCharField(models.CharField):
    """Text that the database sorts by code point: PostgreSQL's "C" collation, what SQLite does by itself."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = {**super().db_parameters(connection)}
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class DerivedCharField(models.CharField):
    """Text that follows from its row: `derive(instance)` is computed whenever the row is saved, as `auto_now` is.

    `QuerySet.update` does not save rows, so whoever updates what the text follows from sets it too."""

    def __init__(self, *args: Any, derive: Callable[[Any], str] | None = None, **kwargs: Any) -> None:
        self.derive = derive
        super().__init__(*args, **kwargs | {"editable": False})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Migrations do not know `derive`: the rows that they write bring their text along.
        text = self.derive(model_instance) if self.derive else getattr(model_instance, self.attname)
        setattr(model_instance, self.attname, text)
        return text
