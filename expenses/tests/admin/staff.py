"""Members of staff with given permissions."""

from django.contrib.auth.models import Permission

from accounts.models import User


def staff(user: User, *permissions: str) -> User:
    user.is_staff = True
    user.save()
    allowed = Permission.objects.filter(codename__in=permissions)
    assert {permission.codename for permission in allowed} == set(permissions)
    user.user_permissions.set(allowed)
    return user
