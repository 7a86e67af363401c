"""A draft as the next prompts_vN.py, proved before it gets its name."""
