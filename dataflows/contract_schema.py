"""The record that is asked for where no other schema is given."""

CONTRACT = """\
{
  "type": "object",
  "properties": {
    "contract_number": {"type": "string"},
    "parties": {"type": "array", "items": {"type": "string"}, "description": "names of those who sign"},
    "start_date": {"type": "string", "format": "date", "description": "first day of the contract"},
    "end_date": {"type": "string", "format": "date", "description": "last day of the contract"},
    "yearly_fee": {"type": "number", "description": "without taxes"},
    "currency": {"type": "string", "enum": ["EUR", "USD", "GBP", "JPY"]},
    "notice_months": {"type": "integer", "description": "months of notice to end it"},
    "services": {"type": "array", "items": {"type": "string"}, "description": "what is to be done"}
  },
  "required": ["contract_number", "parties", "start_date", "yearly_fee"],
  "additionalProperties": false
}"""
"""JSON schema of the record of a contract."""
