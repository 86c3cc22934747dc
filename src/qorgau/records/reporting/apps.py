from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "qorgau.records.reporting"
    label = "reporting"
