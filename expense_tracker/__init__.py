"""The project, and what both of its apps share."""

# The newest release that CHANGELOG.md names (Semantic Versioning 2.0.0).
__version__ = "1.0.0"
