from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "qorgau.foundation.journal"
    label = "journal"
