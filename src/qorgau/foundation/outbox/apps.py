from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "qorgau.foundation.outbox"
    label = "outbox"
