"""An ended run of an experiment as the history keeps it, with the state of the world it ran in."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from workbench.engine.preparation import sources
from workbench.history.code_state import CodeState
from workbench.history.kept import KeptCall, KeptRun, Role
from workbench.history.privacy import Privacy
from workbench.history.texts import loose, sha256_of
from workbench.records import Call, Document, Experiment, Run, Variant, Version
from workbench.state.record_json import to_value

SCHEMA = 1


def new_id(at: float) -> str:
    """An id of 22 characters that sorts by time, to the millisecond, and can't be guessed."""
    return f"{int(at * 1000):012x}{secrets.token_hex(5)}"


def kept_run(
    experiment: Experiment,
    run: Run,
    versions: Mapping[str, Version],
    code: CodeState,
    privacy: Privacy,
    *,
    source: str,
    project: str,
    person: str,
    defaults: Mapping[str, Any] | None = None,
) -> KeptRun:
    """The run as it goes into the history; keys and what else is not to be kept are taken out.

    Args:
        experiment: It belongs to.
        run: Which has ended.
        versions: Label -> version, as read when it began.
        code: What the project was then.
        privacy: What may not be kept.
        source: "app" or "command".
        project: Name of the project.
        person: Who ran it.
        defaults: Of inputs that nobody gave.
    """
    variant = next(own for own in experiment.variants if own.label == run.variant)
    document = next(own for own in experiment.documents if own.sha256 == run.document)
    clean = privacy.redactor()
    kept = run if privacy.keeps_documents else _without_document(run)
    prompts = {name: clean(own) for name, own in kept.prompts.items()}
    texts: list[tuple[Role, str]] = [("output", clean(kept.output))] if kept.output else []
    texts += [("prompt", own) for own in prompts.values()]
    texts += [("answer", clean(call.answer.text)) for call in kept.calls if call.answer and call.answer.text]
    started = run.started_at or time.time()
    return KeptRun(
        id=new_id(started),
        started_at=started,
        seconds=run.seconds,
        status=run.status,
        source=source,
        project=project,
        dataflow=experiment.dataflow,
        variant=run.variant,
        base=variant.base,
        is_draft=bool(variant.templates or variant.prompts_from or variant.label != variant.base),
        model=_models(run, experiment),
        prompts={name: sha256_of(own) for name, own in prompts.items()},
        texts=texts,
        calls=[_figures(call, started + run.seconds) for call in run.calls if call.answer or call.error],
        body=_scrubbed(_body(experiment, kept, variant, document, versions, code, person, defaults or {}), clean),
        experiment=experiment.id,
        repetition=run.repetition,
        person=person,
        document=document.sha256,
        document_name=document.name,
        inputs=clean(_words_of({**(defaults or {}), **experiment.inputs, **variant.inputs})),
        git_sha=code.git_sha,
        git_dirty=code.git_dirty,
        output_sha256=sha256_of(clean(kept.output)) if kept.output else "",
        output_loose=sha256_of(loose(clean(kept.output))) if kept.output else "",
        error=clean(run.error[1]) if run.error else "",
    )


def _body(
    experiment: Experiment,
    run: Run,
    variant: Variant,
    document: Document,
    versions: Mapping[str, Version],
    code: CodeState,
    person: str,
    defaults: Mapping[str, Any],
) -> dict[str, Any]:
    """All there is to know, as JSON; the experiment with this one variant and document."""
    own = replace(experiment, variants=(variant,), documents=(replace(document, page_texts=()),), runs=())
    return {
        "schema": SCHEMA,
        "kind": "run",
        "experiment": to_value(own),
        "run": to_value(run),
        "versions": {label: to_value(versions[label]) for label in sources(own) if label in versions},
        "code": vars(code),
        "person": person,
        "defaults": dict(defaults),
    }


def _without_document(run: Run) -> Run:
    """Without what holds the document's text: what was asked, and values that no model gave."""
    asked = {call.node for call in run.calls}
    values = {name: own for name, own in run.values.items() if name in asked or name == run.output_node}
    calls = tuple(
        replace(call, request=replace(call.request, messages=tuple((role, "") for role, _ in call.request.messages)))
        for call in run.calls
    )
    return replace(run, values=values, calls=calls)


def _scrubbed(value: Any, clean: Callable[[str], str]) -> Any:
    """A JSON value whose texts are redacted."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {key: _scrubbed(own, clean) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(own, clean) for own in value]
    return value


def _figures(call: Call, ended: float) -> KeptCall:
    answer = call.answer
    return KeptCall(
        key=call.request.key(),
        model=call.request.model,
        at=(answer.made_at if answer else 0.0) or ended,
        seconds=answer.seconds if answer else 0.0,
        input_tokens=answer.input_tokens if answer else 0,
        output_tokens=answer.output_tokens if answer else 0,
        cost_usd=answer.cost_usd if answer else None,
        is_made=not call.reused,
        is_failed=answer is None,
    )


def _models(run: Run, experiment: Experiment) -> str:
    """The chosen model, or those that the dataflow's own clients asked."""
    if experiment.model.endpoint != "code":
        return run.model or experiment.model.name
    return ", ".join(sorted({call.request.model for call in run.calls})) or run.model


def _words_of(inputs: Mapping[str, Any]) -> str:
    texts = [own for own in inputs.values() if isinstance(own, str) and own]
    others = [f"{name}={own}" for name, own in inputs.items() if not isinstance(own, str)]
    return " · ".join([*texts, *others])
