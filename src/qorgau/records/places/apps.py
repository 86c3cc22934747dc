from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "qorgau.records.places"
    label = "places"
