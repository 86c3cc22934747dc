"""Incidents out of another system's file: fields, suggestion, dry run and import."""
