"""The user's sessions: logins on devices, and personal access tokens for scripts."""

import uuid
from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import PersonalTokenNotAllowed
from accounts.models import Session
from accounts.serializers.session import IssuedTokenSerializer, PersonalTokenSerializer, SessionSerializer
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.openapi import message_response, problem_response
from expense_tracker.api.viewsets import StrictViewSet
from expense_tracker.exceptions import Missing


@extend_schema(tags=["Sessions"])
class SessionViewSet(ListModelMixin, StrictViewSet):
    queryset = Session.objects.all()
    serializer_class = SessionSerializer
    lookup_value_converter = "uuid"

    def get_queryset(self) -> Any:
        return super().get_queryset().owned_by(self.request.user).live()  # type: ignore[attr-defined]  # our QuerySet

    @extend_schema(operation_id="list_sessions")
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List sessions

        Your logins and personal access tokens that have not ended, the most recently used first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        operation_id="create_personal_access_token",
        request=PersonalTokenSerializer,
        responses={
            201: IssuedTokenSerializer,
            (403, CONTENT_TYPE): problem_response("Only a login can create tokens.", PersonalTokenNotAllowed()),
        },
    )
    def create(self, request: AuthenticatedRequest) -> Response:
        """Create a personal access token

        For a script or a shortcut on a phone: an access token that lives as long as its session and needs no refresh.
        It is shown only here. A password change ends it like any session, and it cannot create further tokens: 403."""
        if request.auth.is_personal:
            raise PersonalTokenNotAllowed
        serializer = PersonalTokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        session = actions.open_session(
            user=request.user,
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            name=serializer.validated_data["name"],
            scope=serializer.validated_data["scope"],
            lifetime=timedelta(days=serializer.validated_data["expires_in_days"]),
        )
        issued = IssuedTokenSerializer(session, context=self.get_serializer_context())
        return Response(issued.data, status=status.HTTP_201_CREATED)

    @extend_schema(operation_id="end_session", responses={200: message_response("Session ended successfully")})
    def destroy(self, request: AuthenticatedRequest, pk: uuid.UUID) -> Response:
        """End a session

        Its tokens are refused from the very next request on."""
        if not self.get_queryset().filter(pk=pk).revoke():
            raise Missing
        return Response({"message": "Session ended successfully"})
