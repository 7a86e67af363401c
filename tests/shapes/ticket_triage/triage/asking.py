"""Our own model server, and how it is asked."""

import json
import os
import re

from openai import OpenAI

server = OpenAI(
    base_url=os.environ.get("TRIAGE_BASE_URL", "http://127.0.0.1:8080/v1"),
    api_key=os.environ.get("TRIAGE_API_KEY", "none"),
)


def ask_model(request: str, llm: str, system: str = "") -> str:
    conversation = []
    if system:
        conversation.append({"role": "system", "content": system})
    conversation.append({"role": "user", "content": request})
    return server.chat.completions.create(model=llm, messages=conversation).choices[0].message.content


def ask_for_json(wording: str, ticket: str, rules: str, llm: str) -> dict:
    """The answer as an object; what is no JSON goes to people."""
    request = wording.replace("{rules}", rules).replace("{ticket}", ticket)
    said = ask_model(request, llm)
    found = re.search(r"\{.*\}", said, re.DOTALL)
    try:
        answer = json.loads(found.group() if found else said)
    except ValueError:
        return {"team": "front desk", "urgent": False, "said": said}
    return answer if isinstance(answer, dict) else {"team": "front desk", "urgent": False, "said": said}
