"""Runs as the history is given them, made up."""

import secrets
import time

from workbench.history.kept import KeptCall, KeptRun
from workbench.history.texts import loose, sha256_of


def kept(output="It rains.", *, at=None, prompts=None, answers=(), calls=None, body=None, **fields) -> KeptRun:
    """A done run of v1 that gave this output by one call, unless said otherwise."""
    started = time.time() if at is None else at
    prompts = {"answer_prompt": "Answer: {text}"} if prompts is None else prompts
    texts = [("output", output)] if output else []
    texts += [("prompt", own) for own in prompts.values()] + [("answer", own) for own in answers]
    if calls is None:
        calls = [KeptCall(secrets.token_hex(32), "scripted", started + 1, 1.0, 100, 20, 0.01)]
    known = {
        "id": f"{int(started * 1000):012x}{secrets.token_hex(5)}",
        "started_at": started,
        "seconds": 2.0,
        "status": "done",
        "source": "app",
        "project": "ours",
        "dataflow": "summarization",
        "variant": "v1",
        "base": "v1",
        "model": "scripted",
        "person": "Ada",
        "document": "d" * 64,
        "document_name": "trees.pdf",
        "inputs": "What is new?",
        "output_sha256": sha256_of(output) if output else "",
        "output_loose": sha256_of(loose(output)) if output else "",
        "experiment": "e1",
    }
    told = {"schema": 1, "kind": "service", "run": run_json(output, prompts, fields.get("variant", "v1")), "told": {}}
    own = {name: sha256_of(text) for name, text in prompts.items()}
    return KeptRun(prompts=own, texts=texts, calls=calls, body=told if body is None else body, **{**known, **fields})


def run_json(output, prompts, variant):
    """A run's record with these."""
    return {"variant": variant, "document": "d" * 64, "status": "done", "output": output, "prompts": dict(prompts)}
