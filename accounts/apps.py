from django.apps import AppConfig
from django.core.checks import register


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from accounts.checks import check_proxies

        register(check_proxies, deploy=True)
