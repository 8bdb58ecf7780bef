"""The second factor of staff: codes of an authenticator app (TOTP, RFC 6238), and recovery codes.

Whoever has a confirmed TOTP device is asked for a code at each log-in to the admin. The API does not ask for any."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.models import AdminSession, User
from expense_tracker.logs import log_event

NAME = "Authenticator app"
DIGITS = 6
RECOVERY_CODES = 10


class TooManyCodes(Exception):
    """Wrong codes came shortly before: the next one is looked at in so many seconds, as `sentence` says."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.sentence = f"Wrong codes came shortly before. Try again in {seconds} s."


def find_device(user: User) -> TOTPDevice | None:
    """Return the device that the user has set up."""
    device: TOTPDevice | None = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    return device


def begin_setup(user: User) -> TOTPDevice:
    """Return a device that is to be confirmed, the same until it is."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": NAME})
    return device


def check_code(device: TOTPDevice | StaticDevice, code: str) -> bool:
    """Return whether this is a code of the device; each is good once. Raise TooManyCodes."""
    is_allowed, reason = device.verify_is_allowed()
    if not is_allowed:
        raise TooManyCodes(int((reason["locked_until"] - timezone.now()).total_seconds()) + 1)
    return verify_token(device.user, device.persistent_id, code) is not None


def use_code(user: User, code: str) -> TOTPDevice | None:
    """Return the user's device if the code is one of it or a recovery code. Raise TooManyCodes."""
    code = code.replace(" ", "").lower()
    device = find_device(user)
    asked = device if len(code) == DIGITS else StaticDevice.objects.filter(user=user).first()
    return device if asked and check_code(asked, code) else None


@transaction.atomic
def make_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes of the user, and return the new ones."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def count_recovery_codes(user: User) -> int:
    return int(StaticToken.objects.filter(device__user=user).count())


@transaction.atomic
def confirm(device: TOTPDevice) -> list[str]:
    """Ask for codes of the device from now on, and return recovery codes. The user's log-ins to the admin end, since
    they did without."""
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    AdminSession.objects.filter(user=device.user).delete()
    log_event("second factor set up", user_id=device.user_id)
    return make_recovery_codes(device.user)


@transaction.atomic
def remove(users: Collection[User]) -> list[User]:
    """Ask the users for no code any more, end their log-ins to the admin, and return those who had been asked."""
    asked = list(User.objects.filter(totpdevice__confirmed=True, pk__in=[user.pk for user in users]))
    TOTPDevice.objects.filter(user__in=users).delete()
    StaticDevice.objects.filter(user__in=users).delete()
    AdminSession.objects.filter(user__in=asked).delete()
    for user in asked:
        log_event("second factor removed", user_id=user.pk)
    return asked
