"""Prompts of other tools, brought into our grammar by parsing alone: nothing is run or rendered."""
