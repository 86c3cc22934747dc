"""What every command needs at a terminal: its language, its frame, look-ups, figures, refusals."""
