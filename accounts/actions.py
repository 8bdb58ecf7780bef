"""What happens to accounts."""

from django.db import IntegrityError, transaction
from rest_framework.exceptions import APIException

from accounts.models import Ledger, User, fold_username


class UserAlreadyExists(APIException):
    status_code = 400
    default_detail = "User already exists"
    default_code = "user_exists"


def register(*, username: str, password: str) -> User:
    """A new user, with a ledger. Raises UserAlreadyExists, also where another registration wins the race."""
    # Looked up first, so that a name that is taken costs no password hash.
    if User.objects.filter(username_key=fold_username(username)).exists():
        raise UserAlreadyExists
    user = User(username=username)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
            Ledger.objects.create(user=user)
    except IntegrityError:
        raise UserAlreadyExists from None
    return user
