"""Incidents out of a stranger's file: fields, suggestion, dry run and import."""
