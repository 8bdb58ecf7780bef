"""Categories: what people type, put together."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import is_not_modified, not_modified, tagged
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import problem_response
from expense_tracker.exceptions import Missing
from expenses import actions
from expenses.etags import collection_etag
from expenses.exceptions import CategoryInUse
from expenses.idempotency import idempotent
from expenses.models import Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.serializers.category import CategoryRenameSerializer, CategorySerializer, RenamedSerializer
from expenses.views.owned import OwnedViewSet


@extend_schema(tags=["Reports"])
class CategoryViewSet(OwnedViewSet):
    queryset = Expense.objects.live()
    serializer_class = CategorySerializer

    @extend_schema(operation_id="list_categories", parameters=[COLLECTION_ETAG])
    def list(self, request: AuthenticatedRequest) -> HttpResponse:
        """List categories

        The categories of your expenses, the most used first: what a client offers while people type. Where `similar`
        is not empty, the same thing may be spelt in several ways: offer to merge them, with
        `POST /api/categories/rename` and `merge` for each of the less used ones."""
        etag = collection_etag(request.user)
        if is_not_modified(request, etag):
            return not_modified(etag)
        return tagged(Response(self.get_serializer(self.get_queryset().categories(), many=True).data), etag)

    @extend_schema(
        operation_id="rename_category",
        request=CategoryRenameSerializer,
        responses={
            200: RenamedSerializer,
            (404, CONTENT_TYPE): problem_response("There is nothing of this category.", Missing()),
            (409, CONTENT_TYPE): problem_response("The new name is in use.", CategoryInUse()),
        },
    )
    @action(methods=["post"], detail=False, serializer_class=CategoryRenameSerializer)
    @idempotent
    def rename(self, request: AuthenticatedRequest) -> Response:
        """Rename a category

        Moves all expenses, those in the trash too, and the budget from one category to another, at once. Where the new
        name is in use the answer is 409, unless `merge` is true: then the limit of the new one stays, if it has one."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        names = serializer.validated_data
        changed = actions.rename_category(owner=request.user, old=names["from"], new=names["to"], merge=names["merge"])
        return Response(RenamedSerializer({"changed": changed}).data)
