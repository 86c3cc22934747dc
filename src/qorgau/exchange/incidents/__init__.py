"""Import incidents from another system's file: fields, suggestion, dry run and import."""
