from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "qorgau.records.signals"
    label = "signals"
