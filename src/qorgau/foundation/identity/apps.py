from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "qorgau.foundation.identity"
    label = "identity"
