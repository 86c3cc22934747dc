"""What every command needs: language, frame, look-ups, numbers and refusals."""
