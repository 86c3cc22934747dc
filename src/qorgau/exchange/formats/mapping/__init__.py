"""Mappings: how the columns of another system's file fill the fields of the register."""

from qorgau.exchange.formats.mapping.engine import MappedRow, MappingEngine
from qorgau.exchange.formats.mapping.reading import mapping_from_toml, read_mapping
from qorgau.exchange.formats.mapping.schema import TargetField, TargetSchema
from qorgau.exchange.formats.mapping.spec import Mapping
from qorgau.exchange.formats.mapping.toml_text import mapping_to_toml

__all__ = [
    "MappedRow",
    "Mapping",
    "MappingEngine",
    "TargetField",
    "TargetSchema",
    "mapping_from_toml",
    "mapping_to_toml",
    "read_mapping",
]
