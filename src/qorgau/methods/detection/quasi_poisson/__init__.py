"""Quasi-Poisson regression of many series on season and trend: Farrington's methods."""
