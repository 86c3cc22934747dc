"""Forms of the pages, one file per word of the record."""
