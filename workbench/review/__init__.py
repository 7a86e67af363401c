"""Blind pairwise review: people, and a model, say which of two answers is better, and not knowing whose they are."""
