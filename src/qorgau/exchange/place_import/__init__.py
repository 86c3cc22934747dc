"""Import boundaries and code lists of areas into the register."""

from qorgau.exchange.place_import.entries import PlaceImportOptions
from qorgau.exchange.place_import.importing import import_places
from qorgau.exchange.place_import.report import PlaceImportReport

__all__ = ["PlaceImportOptions", "PlaceImportReport", "import_places"]
