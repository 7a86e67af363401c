"""Calls that a dataflow makes through clients of its own: seen, and answered by whoever runs it."""
