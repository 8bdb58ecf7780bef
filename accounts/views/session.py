"""One's sessions: logins on devices, and personal access tokens for scripts."""

import uuid
from datetime import timedelta

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import actions
from accounts.authentication import AuthenticatedRequest
from accounts.exceptions import InvalidToken
from accounts.serializers import IssuedTokenSerializer, PersonalTokenSerializer, SessionSerializer
from accounts.tokens import AccessToken
from expense_tracker.api.openapi import message_response


class SessionsView(APIView):
    @extend_schema(operation_id="list_sessions", tags=["Sessions"], responses=SessionSerializer(many=True))
    def get(self, request: AuthenticatedRequest) -> Response:
        """List sessions

        Your logins and personal access tokens that have not ended, the one last used first."""
        sessions = request.user.api_sessions.live()
        return Response(SessionSerializer(sessions, many=True, context={"request": request}).data)

    @extend_schema(
        operation_id="create_personal_access_token",
        tags=["Sessions"],
        request=PersonalTokenSerializer,
        responses={201: IssuedTokenSerializer},
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Make a personal access token

        For a script or a shortcut on a phone: an access token that lives as long as its session and needs no refresh.
        It is shown this once. A change of password ends it like any session, and it cannot make further ones: 403."""
        if request.auth.is_personal:
            raise PermissionDenied("A personal access token cannot open further sessions.")
        serializer = PersonalTokenSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        lifetime = timedelta(days=serializer.validated_data["expires_in_days"])
        session = actions.open_session(
            user=request.user,
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
            name=serializer.validated_data["name"],
            scope=serializer.validated_data["scope"],
            lifetime=lifetime,
        )
        if session is None:
            raise InvalidToken
        body = SessionSerializer(session, context={"request": request}).data
        token = {
            "access_token": str(AccessToken.of(session)),
            "token_type": "bearer",
            "expires_in": int(lifetime.total_seconds()),
        }
        return Response(body | token, status=status.HTTP_201_CREATED)


class SessionView(APIView):
    @extend_schema(
        operation_id="end_session", tags=["Sessions"], responses={200: message_response("Session ended successfully")}
    )
    def delete(self, request: AuthenticatedRequest, pk: uuid.UUID) -> Response:
        """End a session

        Its tokens are refused from the very next request on."""
        if not request.user.api_sessions.live().filter(pk=pk).revoke():
            raise Http404
        return Response({"message": "Session ended successfully"})
