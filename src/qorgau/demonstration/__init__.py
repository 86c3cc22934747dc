"""One synthetic brigade, generated from a seed and loaded into an empty register."""
