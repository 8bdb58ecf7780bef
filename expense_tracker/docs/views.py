"""The pages that describe the API. They load nothing from elsewhere and run no script of their own in the page."""

from functools import cache

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_vary_headers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from expense_tracker.api.openapi.security import ORIGIN


@cache
def openapi_template() -> bytes:
    """Return the OpenAPI 3.1 document, which costs as much as a hundred requests, with ORIGIN for the server's URL."""
    return orjson.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)


def openapi_document(server: str) -> bytes:
    """Return the OpenAPI 3.1 document for a server, e.g. `https://expenses.example`."""
    return openapi_template().replace(ORIGIN.encode(), server.encode())


def origin(request: Request) -> str:
    """Return where the client asked: `https://expenses.example`."""
    return f"{request.scheme}://{request.get_host()}"


@extend_schema(exclude=True)
class WelcomeView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> HttpResponse:
        """Answer a page to browsers, which ask for one, and JSON to all others."""
        response: HttpResponse
        if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
            context = {"title": settings.API_TITLE, "description": settings.API_DESCRIPTION, "origin": origin(request)}
            response = render(request, "welcome.html", context)
        else:
            response = Response(
                {
                    "message": "Welcome to Expense Tracker API",
                    "docs": "/docs",
                    "redoc": "/redoc",
                    "openapi": "/openapi.json",
                }
            )
        patch_vary_headers(response, ["Accept"])
        return response


@extend_schema(exclude=True)
class OpenAPIView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> HttpResponse:
        return HttpResponse(openapi_document(origin(request)), content_type="application/json")


@extend_schema(exclude=True)
class SwaggerView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "swagger.html", {"title": settings.API_TITLE})


@extend_schema(exclude=True)
class RedocView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "redoc.html", {"title": settings.API_TITLE})


@extend_schema(exclude=True)
class FaviconView(APIView):
    """Browsers ask for it on their own, for the pages of the admin too."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        icon = static("drf_spectacular_sidecar/swagger-ui-dist/favicon-32x32.png")
        return Response(status=status.HTTP_302_FOUND, headers={"Location": icon})
