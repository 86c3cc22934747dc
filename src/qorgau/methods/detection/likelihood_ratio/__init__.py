"""Likelihood ratio charts of negative binomial counts."""
