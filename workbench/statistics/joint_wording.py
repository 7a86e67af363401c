"""What a joint test says, as sentences for people."""

from workbench.statistics.factorial import Joint
from workbench.statistics.verdict import Verdict
from workbench.statistics.wording import figures, short


def joint_sentence(joint: Joint, first_prompt: str, second_prompt: str) -> str:
    """Whether two changes get along, with the figures it stands on; names two single wins that lose together.

    Args:
        joint: Of the joint test.
        first_prompt: The first prompt's name.
        second_prompt: The second prompt's name.
    """
    one, two = (f"{joint.versions[0]} of {first_prompt}", f"{joint.versions[1]} of {second_prompt}")
    names = f"{one} and {two}"
    interaction = joint.interaction
    if interaction.word == "not enough evidence":
        return f"{names}: no interaction is shown: {short(interaction)}; {figures(interaction)}."
    told = f"{names}: {_pattern(joint)}"
    alone = f"alone {_size(joint.first_alone)} and {_size(joint.second_alone)}, together {_size(joint.together)}"
    return f"{told} ({alone}). Interaction: {figures(interaction)}."


def _pattern(joint: Joint) -> str:
    alone, together = {joint.first_alone.word, joint.second_alone.word}, joint.together.word
    if alone == {"better"} and together == "worse":
        return "each alone wins, but together they lose"
    if alone == {"worse"} and together == "better":
        return "each alone loses, but together they win"
    if alone == {"better"} and together == "not enough evidence":
        return "each alone wins, but together no win is left"
    if joint.interaction.word == "worse":
        return "together they give less than the two changes add up to"
    return "together they give more than the two changes add up to"


def _size(verdict: Verdict) -> str:
    known = "unknown" if verdict.difference is None else f"{verdict.difference:+.3g}"
    return known if verdict.word == "not enough evidence" else f"{known}, {verdict.word}"
