from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "qorgau.records.publication"
    label = "publication"
