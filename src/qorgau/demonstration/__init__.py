"""One synthetic brigade, made from a seed, and how it is laid into an empty register."""
