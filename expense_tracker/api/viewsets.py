"""The viewset that all others are: query parameters that an action does not declare are refused."""

from collections.abc import Callable
from functools import cache, cached_property
from typing import Any, TypeVar

from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.viewsets import ViewSetMixin

from expense_tracker.api.errors import InvalidParameters
from expense_tracker.api.parameters import check_parameters
from expense_tracker.api.serializers import QuerySerializer, shared

Action = TypeVar("Action", bound=Callable[..., Any])


def query_parameters(serializer_class: type[QuerySerializer]) -> Callable[[Action], Action]:
    """Declare the query parameters of an action: `self.query` has them, and so has the OpenAPI document."""

    def declare(action: Action) -> Action:
        action.query_serializer_class = serializer_class  # type: ignore[attr-defined]
        return action

    return declare


@cache
def names_of(serializer_class: type[QuerySerializer]) -> tuple[str, ...]:
    return tuple(shared(serializer_class).fields)


class StrictViewSet(ViewSetMixin, GenericAPIView[Any]):
    """An action takes the parameters of its `query_parameters`, and `list` those of filters and pages too."""

    # Filters that take a parameter several times.
    repeatable_parameters: tuple[str, ...] = ()
    filter_backends: tuple[type[Any], ...] = ()
    pagination_class: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.action is None:
            return  # the method is none of this path: 405
        check_parameters(request.query_params, known=self.known_parameters(), repeatable=self.repeatable_parameters)

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def known_parameters(self) -> list[str]:
        names: list[str] = []
        if self.action == "list":
            names += [name for backend in self.filter_backends for name in backend().parameter_names(self)]
        if self.query_serializer_class is not None:
            names += names_of(self.query_serializer_class)
        if self.action == "list" and self.pagination_class is not None:
            names += self.pagination_class.parameters
        return names

    @property
    def query_serializer_class(self) -> type[QuerySerializer] | None:
        return getattr(getattr(self, self.action or "", None), "query_serializer_class", None)

    @cached_property
    def query(self) -> dict[str, Any]:
        """Return the validated parameters of the action. Raise InvalidParameters."""
        sent = {name: value for name, value in self.request.query_params.items() if value}
        serializer_class: Any = self.query_serializer_class
        try:
            query: dict[str, Any] = shared(serializer_class).run_validation(sent)
        except ValidationError as error:
            messages: Any = error.detail
            raise InvalidParameters(messages) from None
        return query
