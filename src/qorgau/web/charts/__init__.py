"""Charts defined in Python and drawn on the server: they need no script and can be printed."""
