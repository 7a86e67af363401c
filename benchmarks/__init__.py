"""Measurements of the whole: one run prints every figure that we promise something about."""
