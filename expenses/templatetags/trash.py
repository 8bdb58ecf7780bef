from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def trash_days() -> int:
    """Return for how many days a deleted expense can be restored."""
    return int(settings.BIN_DAYS)
