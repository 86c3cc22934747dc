"""The same fits step by step as R's package surveillance makes them."""
