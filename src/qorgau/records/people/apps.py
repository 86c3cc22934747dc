from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qorgau.records.people"
    label = "people"
