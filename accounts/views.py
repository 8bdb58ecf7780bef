"""The account endpoints."""

from django.conf import settings
from django.contrib.auth import authenticate
from drf_spectacular.utils import OpenApiExample, extend_schema, inline_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import APIException
from rest_framework.parsers import FormParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.tokens import AccessToken

from accounts import actions
from accounts.serializers import LoginSerializer, RegistrationSerializer
from expense_tracker.parsers import StrictJSONParser

CREDENTIALS = OpenApiExample("Alice", {"username": "alice", "password": "SecurePassword123!"}, request_only=True)


class InvalidCredentials(APIException):
    status_code = status.HTTP_401_UNAUTHORIZED
    default_detail = "Invalid credentials"
    default_code = "invalid_credentials"
    auth_header = "Bearer"


class RegisterView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="register",
        tags=["Accounts"],
        request=RegistrationSerializer,
        responses={
            201: inline_serializer(
                "Registered", {"message": serializers.CharField(), "user_id": serializers.IntegerField()}
            )
        },
        examples=[
            CREDENTIALS,
            OpenApiExample(
                "Created",
                {"message": "User created successfully", "user_id": 1},
                response_only=True,
                status_codes=["201"],
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Register a user

        Makes an account that can log in at once. A name that is taken, in any case or width of its letters, is a
        400 with the detail `User already exists`."""
        serializer = RegistrationSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = actions.register(**serializer.validated_data)
        return Response({"message": "User created successfully", "user_id": user.pk}, status=status.HTTP_201_CREATED)


class LoginView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser, FormParser)

    @extend_schema(
        operation_id="login",
        tags=["Accounts"],
        request=LoginSerializer,
        responses=inline_serializer(
            "AccessToken",
            {
                "access_token": serializers.CharField(),
                "token_type": serializers.ChoiceField(["bearer"]),
                "expires_in": serializers.IntegerField(help_text="Seconds until the access token expires."),
            },
        ),
        examples=[
            CREDENTIALS,
            OpenApiExample(
                "Logged in",
                {"access_token": "eyJhbGciOiJIUzI1NiIs…", "token_type": "bearer", "expires_in": 1800},
                response_only=True,
            ),
        ],
    )
    def post(self, request: Request) -> Response:
        """Log in

        Answers an access token for the `Authorization: Bearer …` header. Takes JSON, or a form as the password flow
        of OAuth 2 (RFC 6749, section 4.3) sends it; in a form other parameters are ignored. The user name counts
        without regard to case."""
        serializer = LoginSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        user = authenticate(request, **serializer.validated_data)
        if user is None:
            raise InvalidCredentials
        return Response(
            {
                "access_token": str(AccessToken.for_user(user)),
                "token_type": "bearer",
                "expires_in": settings.ACCESS_TOKEN_MINUTES * 60,
            }
        )
