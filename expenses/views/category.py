"""Categories: what people type, put together."""

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.conditional import unless_unchanged
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import problem_response
from expense_tracker.api.parameters import check_parameters
from expenses import actions
from expenses.etags import collection_etag
from expenses.exceptions import CategoryInUse
from expenses.models import Expense
from expenses.openapi import COLLECTION_ETAG
from expenses.serializers.category import CategoryRenameSerializer, CategorySerializer, RenamedSerializer


class CategoriesView(APIView):
    @extend_schema(
        operation_id="list_categories",
        tags=["Reports"],
        parameters=[COLLECTION_ETAG],
        responses=CategorySerializer(many=True),
    )
    def get(self, request: AuthenticatedRequest) -> HttpResponse:
        """List categories

        The categories of your expenses, the most used first: what a client offers while people type."""
        check_parameters(request.query_params, known=())
        expenses = Expense.objects.live().owned_by(request.user)
        return unless_unchanged(request, collection_etag(request.user), lambda: Response(expenses.categories()))


class CategoryRenameView(APIView):
    @extend_schema(
        operation_id="rename_category",
        tags=["Reports"],
        request=CategoryRenameSerializer,
        responses={
            200: RenamedSerializer,
            (404, CONTENT_TYPE): problem_response("There is nothing of this category.", "Not found"),
            (409, CONTENT_TYPE): problem_response("The new name is in use.", str(CategoryInUse.detail)),
        },
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Rename a category

        Moves all expenses, those in the bin too, and the budget from one category to another, at once. Where the new
        name is in use the answer is 409, unless `merge` is true: then the limit of the new one stays, if it has one."""
        serializer = CategoryRenameSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        names = serializer.validated_data
        changed = actions.rename_category(
            owner_id=request.user.pk, old=names["from"], new=names["to"], merge=names["merge"]
        )
        return Response({"changed": changed})
