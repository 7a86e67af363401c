"""Evaluate: the cases of a dataset answered by variants, judged, and held against a baseline."""

import streamlit as st

from pages.shared import shell, state
from pages.shared.bench_versions import bench_versions
from pages.shared.cases_view import cases_view
from pages.shared.evaluate_bar import evaluate_if_asked, evaluate_line, evaluate_or_stop
from pages.shared.evaluate_choice import evaluation_choice
from pages.shared.evaluate_dataset import choose_dataset, dataset_choice, opened, results_or_cases
from pages.shared.evaluate_interrupted import interrupted_evaluation
from pages.shared.evaluate_results import evaluate_results
from pages.shared.evaluate_run import current_evaluation

shell.guard()

versions = bench_versions()
current = state.current_bench(versions)
interrupted_evaluation(versions)

given = st.container(border=True, key="given")
toolbar = st.container(horizontal=True, vertical_alignment="center", key="toolbar")
with given:
    left, right = st.columns([1, 4], gap="small")
    with left:
        path = dataset_choice()
    dataset = opened(path) if path else None
    if path and dataset:
        with toolbar:
            half = results_or_cases()
        with right:
            choice = evaluation_choice(path, dataset, current, versions, toolbar)
if path is None or dataset is None:  # it can be made, or mended, here
    cases_view(path, choose_dataset)
    st.stop()

evaluate_if_asked(choice, dataset, versions)
own = current_evaluation()
cells = len(dataset.cases) * choice.columns * choice.repetitions
with toolbar:
    evaluate_line(choice, dataset, versions, own)
    evaluate_or_stop(choice, cells, own)
if half == "Cases":
    cases_view(path, choose_dataset)
else:
    evaluate_results(own, path)
