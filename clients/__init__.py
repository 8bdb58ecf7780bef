"""Clients that are generated from the OpenAPI document, and used against a server."""
