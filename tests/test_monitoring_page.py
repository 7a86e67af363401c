"""The Monitoring page without a browser: charts with marks at changes, sums, filters in the address, and no crash."""

import json
import time

import pytest
from pyarrow import ipc

from pages.shared import cached
from pages.shared.monitoring_words import change_words, cost_words, count_words, plain, seconds_words
from tests.kept_runs import kept
from tests.pages import shown
from workbench.history.kept import KeptCall

pytest_plugins = ["tests.page_fixtures"]

HOUR = 3600.0
CHARTS = ["Calls by version", "Latency of calls in seconds, p50 and p95", "Errors", "Tokens, in and out", "Cost"]


def visit(desk, **address):
    """The page at an address."""
    app = desk.open()
    for name, value in address.items():
        app.query_params[name] = value
    return app.switch_page("pages/monitoring.py").run()


def run_of(hours_ago, version="v1", calls=1, seconds=1.0, **fields):
    """A run with so many calls, so long ago."""
    at = time.time() - hours_ago * HOUR
    own = [
        KeptCall("", fields.pop("called", "m"), at, seconds, 100, 20, fields.pop("cost", 0.01)) for _ in range(calls)
    ]
    return kept("", prompts={}, calls=own, at=at, variant=version, base=version, **fields)


@pytest.fixture
def rolled_out(desk):
    """A history in which v2 took over from v1 two days ago, and is three times as slow; eight days ago it was calm."""
    runs = [run_of(8 * 24, calls=20)]
    runs += [run_of(hours, calls=20) for hours in (80, 70, 60, 50)]
    runs += [run_of(hours, "v2", calls=20, seconds=3.0, source="app") for hours in (40, 30, 20, 10)]
    cached.history().put(runs)
    return desk


def charts(app):
    """The Vega-Lite specification of each chart, and the rows that it draws, of all its layers."""
    found = []
    for own in app.get("vega_lite_chart"):
        tables = [ipc.open_stream(known.data.data).read_all().to_pylist() for known in own.proto.datasets]
        found.append((json.loads(own.proto.spec), [row for table in tables for row in table]))
    return found


def sums(app):
    """The row of figures: label -> (value, change)."""
    return {own.label: (own.value, own.delta) for own in app.metric}


def table(app):
    """The versions that were live."""
    return app.dataframe[0].value.to_dict("records")


def test_an_empty_history_says_what_to_do(desk):
    """And shows no chart and no field."""
    app = visit(desk)

    assert "Run something on the Workbench" in shown(app)
    assert "add the tracker to a service" in shown(app)
    assert not charts(app) and not app.metric and not app.selectbox


def test_each_chart_has_a_mark_where_the_version_changed(rolled_out):
    """Five charts over the same span, each with a labelled line from v1 to v2."""
    app = visit(rolled_out)

    drawn = charts(app)
    titles = [title for title in CHARTS if f">{title}</p>" in shown(app)]
    assert (titles, len(drawn)) == (CHARTS, 5)
    spans = [json.dumps(layer["encoding"]["x"]["scale"]) for chart, _ in drawn for layer in chart["layer"]]
    assert len(set(spans)) == 1
    assert [{row["label"] for row in rows if "label" in row} for _, rows in drawn] == [{"v1 → v2"}] * 5


def test_sums_stand_beside_those_of_the_span_before(rolled_out):
    """Calls, errors, tokens, cost and latency of seven days, and how they changed."""
    found = sums(visit(rolled_out))

    assert found["Calls"] == ("160", "+700 %")
    assert found["Tokens"] == ("19,200", "+700 %")
    assert found["Cost"] == ("$1.60", "+700 %")
    assert found["Errors"] == ("0", "")
    assert found["p50"][1] == "±0 %"
    assert found["p95"] == ("2.90 s", "+183 %")


def test_versions_link_to_their_runs(rolled_out):
    """The one called last comes first, with its figures and the address of its runs in the history."""
    first, second = table(visit(rolled_out))

    assert (first["Version"], first["Calls"], first["Tokens per call"]) == ("v2", 80, 120)
    assert first["Runs"] == "/history?version=v2&dataflow=summarization"
    assert second["Version"] == "v1"
    assert 2.7 < first["p95"] < 3.3


def test_filters_are_in_the_address(rolled_out):
    """The page is narrowed by its address, and a changed field changes the address."""
    app = visit(rolled_out, version="v2", span="24h")
    narrowed = sums(app)["Calls"][0]
    app.selectbox(key="monitoring-version").set_value("v1").run()

    assert narrowed == "40"
    assert app.query_params["version"] == "v1"
    assert "No call was made in this span" in shown(app)
    app.button(key="clear-monitoring").click().run()
    assert sums(app)["Calls"][0] == "40"
    assert "version" not in app.query_params


def test_another_span_is_another_address(rolled_out):
    """The choice of 30 days is in the address, and the sums are of 30 days."""
    app = visit(rolled_out)

    app.button_group(key="monitoring-span").set_value("30 days").run()

    assert app.query_params["span"] == "30d"
    assert sums(app)["Calls"][0] == "180"


def test_garbage_in_the_address_is_passed_over(rolled_out):
    """The page is as without it, whatever it is and however long."""
    odd = {"span": "-1", "version": "nobody's", "model": "' OR 1=1 --", "source": "\x00", "dataflow": "\u202e" * 5_000}

    assert sums(visit(rolled_out, **odd)) == sums(visit(rolled_out, unknown="x", span=""))


def test_hostile_names_are_shown_as_they_are(desk):
    """Names of versions, models and sources are plain text, in charts, in the table and in what is said."""
    bad = '<img src=x onerror="alert(1)"> [a](b) **c** \u202e'
    cached.history().put([run_of(2, bad, calls=3, called="**m** <b>", cost=None, source=bad)])

    app = visit(desk)

    assert table(app)[0]["Version"] == plain(bad)
    assert {row["kind"] for row in charts(app)[0][1]} == {plain(bad)}
    assert "**m**" not in shown(app)
    assert "No cost is known of" in shown(app)


@pytest.mark.parametrize("address", ["mysql://nowhere", "postgresql://ada@127.0.0.1:1/runs?sslmode=disable"])
def test_a_history_that_is_away_is_told_in_a_sentence(desk, monkeypatch, address):
    """An address that makes no sense, and a database that does not answer, stop no page with an exception."""
    monkeypatch.setenv("DATABASE_URL", address)

    app = visit(desk)

    assert len(app.error) == 1
    assert app.error[0].value.replace("\\", "").startswith(("DATABASE_URL is no address", "The history "))
    assert "No call is in the history" not in shown(app)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (seconds_words(None), "–"),
        (seconds_words(0.4239), "0.42 s"),
        (seconds_words(12.44), "12.4 s"),
        (seconds_words(192), "3.2 min"),
        (count_words(12_400), "12,400"),
        (count_words(1_240_000), "1.2 M"),
        (cost_words(0.00042), "$0.0004"),
        (cost_words(12_400), "$12,400"),
        (change_words(3, 2), "+50 %"),
        (change_words(2, 0), "from 0"),
        (change_words(0, 0), None),
        (change_words(1.0001, 1), "±0 %"),
        (change_words(None, 1.0), None),
        (plain("a\nb\u202e" + "c" * 90), "a b " + "c" * 35 + "…"),
        (plain("\u200b"), "unnamed"),
    ],
)
def test_figures_are_said_with_what_digits_they_need(words, found):
    """Short, with their unit."""
    assert words == found
