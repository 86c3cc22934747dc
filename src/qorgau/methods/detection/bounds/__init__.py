"""Upper bounds and tail probabilities of counts."""
