from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "qorgau.records.incidents"
    label = "incidents"
