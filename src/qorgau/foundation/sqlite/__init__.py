"""SQLite for many writers in one process; Django loads ``base`` as the database's engine."""
