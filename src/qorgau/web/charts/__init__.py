"""Charts as definitions in Python, drawn on the server: they need no script and can be printed."""
