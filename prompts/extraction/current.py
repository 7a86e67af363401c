"""The prompts that production uses; `python -m workbench rollback vN` changes the line."""

from . import prompts_v2 as prompts

__all__ = ["prompts"]
