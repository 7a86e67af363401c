"""Recorded cases: what a version was judged on, to be run again without a key or a network."""
