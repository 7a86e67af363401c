"""Which team gets a ticket, and what we answer first."""

import json

from hamilton.function_modifiers import tag

from triage.asking import ask_for_json, ask_model


@tag(kind="prompt", owner="support")
def house_style() -> str:
    """How we sound, whoever writes."""
    return "You answer for a shop that mends bicycles. Be warm, never promise a date, never use {curly} brackets."


def reply_prompt() -> str:
    """The first reply to a customer."""
    return "A customer wrote:\n{ticket}\n\nThe {team} team takes care of it. Write the first reply, in four lines."


def ticket_text(raw_ticket: str) -> str:
    """The ticket without what its mail program put around it."""
    kept = [line for line in raw_ticket.splitlines() if not line.startswith((">", "-- "))]
    return "\n".join(kept).strip()


def rules_text(routing_rules: list[dict]) -> str:
    """The table of rules, a line each."""
    return "\n".join(f"- {rule['words']}: {rule['team']}" for rule in routing_rules)


def ticket_route(ticket_text: str, rules_text: str, routing_wording: str, llm: str = "local-7b") -> dict:
    """The team, and whether it is urgent."""
    return ask_for_json(routing_wording, ticket_text, rules_text, llm)


def first_reply(
    ticket_text: str, ticket_route: dict, reply_prompt: str, house_style: str, llm: str = "local-7b"
) -> str:
    """What the customer reads."""
    team = str(ticket_route.get("team", "front desk"))
    return ask_model(reply_prompt.format(ticket=ticket_text, team=team), llm, system=house_style)


def triaged_ticket(ticket_route: dict, first_reply: str) -> str:
    """What goes into the ticket system, as JSON."""
    return json.dumps({**ticket_route, "reply": first_reply}, sort_keys=True)
