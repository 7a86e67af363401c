"""Prompts as code: found, read without running, checked, loaded, written."""
