"""Claims about the parts of an extraction: schema, values, merging, repair, and what stands in the document."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflows.contract_schema import CONTRACT
from dataflows.field_values import field_values
from dataflows.figures import numbers_in
from dataflows.grounding import unfound
from dataflows.merging import MergedRecord, merge
from dataflows.record_schema import described, faults, read_schema
from dataflows.repairing import repaired
from dataflows.strict_json import sameness, shown_json

SCHEMA = {
    "type": "object",
    "properties": {
        "number": {"type": "string"},
        "fee": {"type": "number"},
        "start": {"type": "string", "format": "date"},
        "paid": {"type": "boolean"},
        "currency": {"enum": ["EUR", "USD"]},
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 1},
        "seller": {"type": "object", "properties": {"name": {"type": "string"}, "rooms": {"type": "integer"}}},
    },
}
values = st.fixed_dictionaries(
    {},
    optional={
        "number": st.sampled_from(["A-1", "a-1", "B-2", 7]),
        "fee": st.sampled_from([1, 2.5, "dear"]),
        "currency": st.sampled_from(["EUR", "YEN"]),
        "items": st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3, unique=True) | st.just([4, "x"]),
        "seller": st.fixed_dictionaries({}, optional={"name": st.sampled_from(["Ada", "Bob"]), "rooms": st.just(4)}),
    },
)


@given(st.lists(values, max_size=4))
def test_no_value_is_lost_without_a_word(records):
    """Each value of each record is in the merged one, or a sentence names it with its place."""
    placed = [(f"p. {index}", record) for index, record in enumerate(records)]

    merged, lost = merge(placed, SCHEMA)

    for place, record in placed:
        for name, value in record.items():
            parts = value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]
            kept = merged[name] if isinstance(value, list) else [merged[name]]
            kept = list(merged[name].values()) if isinstance(merged[name], dict) else kept
            for part in parts:
                is_kept = sameness(part) in map(sameness, kept)
                assert is_kept or any(shown_json(part).lower() in line.lower() for line in lost), (place, name, part)


@given(values)
def test_merging_a_record_with_itself_changes_nothing(record):
    """One record stays as it is, and the same again adds neither a value nor a sentence."""
    fitting = {name: own for name, own in record.items() if not faults(own, SCHEMA["properties"][name], name)}

    assert merge([("p. 1", fitting)], SCHEMA) == (fitting, [])
    assert merge([("p. 1", fitting), ("p. 2", fitting)], SCHEMA) == (fitting, [])


def test_lists_are_joined_in_the_order_of_the_document():
    """An item that is there already is not added again, whatever its capitals and blanks."""
    schema = {"properties": {"services": {"type": "array"}}}
    records = [("p. 1", {"services": ["watering", "cutting"]}), ("p. 2", {"services": [" Watering", "looking"]})]

    assert merge(records, schema) == ({"services": ["watering", "cutting", "looking"]}, [])


def test_a_value_that_fits_wins_over_an_earlier_one_that_does_not():
    """Of those that fit the first counts; what is set aside is said with its page."""
    records = [("p. 1", {"fee": "see below"}), ("p. 2", {"fee": 5}), ("p. 3", {"fee": 6})]

    merged, lost = merge(records, SCHEMA)

    assert merged == {"fee": 5}
    assert lost == [
        'fee: "see below" is no number (p. 1); it is set aside',
        "fee: 6 (p. 3) is set aside for 5 (p. 2)",
    ]


@pytest.mark.parametrize(
    ("name", "said", "meant"),
    [
        ("fee", "1,250", 1250),
        ("fee", "58,500 euros", 58500),
        ("fee", "EUR 12.50", 12.5),
        ("fee", "１２", 12),
        ("fee", "1.250", "1.250"),
        ("fee", "2 million", "2 million"),
        ("fee", "9" * 5000, "9" * 5000),
        ("start", "1 March 2031", "2031-03-01"),
        ("start", "March 3rd, 2031", "2031-03-03"),
        ("start", "2031年3月1日", "2031-03-01"),
        ("start", "31 February 2031", "31 February 2031"),
        ("start", "3/4/2031", "3/4/2031"),
        ("paid", "Yes", True),
        ("currency", "eur", "EUR"),
        ("items", "4", [4]),
        ("items", [4, None, "5"], [4, 5]),
        ("number", "0042", "0042"),
        ("seller", {"name": "Ada", "rooms": "N/A"}, {"name": "Ada"}),
    ],
)
def test_a_value_is_taken_as_it_can_only_be_meant(name, said, meant):
    """Figures, dates and choices in words get their form; what may mean two things stays for the schema to refuse."""
    assert field_values({name: said}, SCHEMA) == ({name: meant}, [])


def test_what_is_no_field_is_said_and_what_says_nothing_is_left_out():
    """Names beyond the schema are named, at most ten of them one by one; null, "n/a" and empty lists are no values."""
    said = {"number": " N/A ", "fee": None, "items": [], "seller": {}, **{f"x{index}": index for index in range(12)}}

    found, remarks = field_values(said, SCHEMA)

    assert found == {}
    assert remarks[0] == "x0 is no field: 0"
    assert len(remarks) == 11 and remarks[-1] == "2 more names are no fields"


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ("", "is no JSON"),
        ("[]", "is no JSON schema"),
        ('{"type": "object"}', "at least 1 of properties"),
        ('{"type": "array", "properties": {"a": {}}}', 'has to have the type "object"'),
        ('{"type": "object", "properties": {"a": {"type": "text"}}}', "is no JSON schema"),
        ('{"type": "object", "properties": {"a": {"pattern": "(a+)+$"}}}', "a has pattern, which is not checked"),
        ('{"type": "object", "properties": {"a": {"items": {"$ref": "http://x/"}}}}', r"a\[\] has \$ref"),
        ('{"type": "object", "properties": {"a": {"format": "regex"}}}', "a has the format regex"),
        ('{"type": "object", "properties": {"a": {}, "a": {"type": "null"}}}', "an object has a twice"),
        (f'{{"type": "object", "properties": {{"a": {{"title": "{"x" * 20_000}"}}}}}}', "the limit is 20,000"),
        (
            json.dumps({"type": "object", "properties": {f"f{n}": {} for n in range(101)}}),
            "101 fields; the limit is 100",
        ),
    ],
)
def test_a_schema_that_is_not_checked_whole_is_refused(schema, reason):
    """What could reach the network, take long or be passed over is an error that names its place."""
    with pytest.raises(ValueError, match=reason):
        read_schema(schema)


def test_fields_are_said_in_words():
    """Each field is a line with its kind and its meaning."""
    lines = described(read_schema(CONTRACT)).splitlines()

    assert lines[0] == "- contract_number (text)"
    assert lines[1] == "- parties (list of text): names of those who sign"
    assert lines[2] == "- start_date (date, YYYY-MM-DD): first day of the contract"
    assert lines[5] == "- currency (one of EUR, USD, GBP, JPY)"


def test_a_fault_names_its_place_and_the_value():
    """Inside lists and objects too; a long value is cut."""
    place = "seller.rooms"
    assert faults({"rooms": "x" * 999}, SCHEMA["properties"]["seller"], "seller") == [
        f'{place}: "{"x" * 79}… is no integer'
    ]
    assert faults([1, None], SCHEMA["properties"]["items"], "items") == ["items[1]: null is no number"]


def test_a_repair_replaces_nothing_that_fits():
    """Of its answer only fields with a fault are taken, and only values that fit; of a list the good items stay."""
    values = {"number": "A-1", "fee": "dear", "start": "soon", "items": [1, "x", 3]}
    wrong = {name: faults(values[name], SCHEMA["properties"][name], name) for name in ("fee", "start", "items")}
    merged = MergedRecord(values, wrong)

    record = repaired(merged, ['{"number": "B-2", "fee": 5, "start": "later", "currency": "EUR"}'], SCHEMA)

    assert record.values == {"number": "A-1", "fee": 5, "items": [1, 3]}
    assert record.problems == [
        'start: "soon" is no date, YYYY-MM-DD; it is left out',
        'items[1]: "x" is no number; it is left out',
    ]


def test_a_repair_may_add_a_field_only_where_an_answer_could_not_be_read():
    """What nobody said before would be made up; an answer that can't be read may have said it."""
    answer = ['{"fee": 5}']

    assert repaired(MergedRecord({}), answer, SCHEMA).values == {}
    assert repaired(MergedRecord({}, unread=["p. 1"]), answer, SCHEMA).values == {"fee": 5}


@pytest.mark.parametrize(
    ("name", "value", "stands"),
    [
        ("number", "ALD-2031", True),
        ("number", "ald 2031", True),
        ("number", "ALD-2032", False),
        ("fee", 58500, True),
        ("fee", 4.5, True),
        ("fee", 4, True),
        ("fee", 58501, False),
        ("start", "2031-03-01", True),
        ("start", "2031-03-02", False),
        ("currency", "EUR", True),
        ("items", [58500, 3], False),
        ("seller", {"name": "緑の会", "rooms": 4}, True),
    ],
)
def test_a_value_that_does_not_stand_in_the_document_is_named(name, value, stands):
    """Texts by their letters, figures by their value, dates by year and day; a choice from a list is not looked for."""
    text = "Contract ALD-\n2031, from 1 March 2031, is about 58,500 euros; trunks of 4.5 m, four rooms.緑の\f会"

    assert (unfound({name: value}, SCHEMA, text) == []) is stands


def test_a_figure_is_the_same_however_it_is_written():
    """Groups of three, decimal marks, full width and words; a point before three digits may be either."""
    assert {48000.0} <= numbers_in("48,000") & numbers_in("48 000") & numbers_in("48.000") & numbers_in("４８０００")
    assert numbers_in("1.250") >= {1250.0, 1.25}
    assert numbers_in("1.234,5") >= {1234.5}
    assert numbers_in("three and one") == {3.0, 1.0}
    assert numbers_in("9" * 400) == set()
