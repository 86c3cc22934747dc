"""The same chart and fit step by step as R's package surveillance makes them."""
