from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "qorgau.foundation.entrance"
    label = "entrance"
