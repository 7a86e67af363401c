"""Runs experiments: shared nodes once, one bounded pool of model calls, every answer kept."""
