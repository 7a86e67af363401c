"""Checks that keep bad prompts out of production, without a key and without a network."""
