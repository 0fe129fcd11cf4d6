"""The description says of every field what it means, and gives an example of every body (a hook of drf-spectacular).

The sentences come from `reviews.api.words`; the example of a body is put together from those of its fields.
"""

from __future__ import annotations

from typing import Any, Final

from reviews.api.words import WORDS

_REF: Final = "$ref"
_JSON: Final = "application/json"
_MISSING: Final = object()


def describe(result: dict[str, Any], generator: Any, request: Any, public: Any) -> dict[str, Any]:
    """Fill in what the serializers leave unsaid; say of bodies that other fields than these are refused."""
    schemas = result["components"]["schemas"]
    for name, schema in schemas.items():
        fields = schema.get("properties", {})
        for field in fields:
            fields[field] = _told(fields[field], *_words(name, field))
    for methods in result["paths"].values():
        for operation in methods.values():
            content = operation.get("requestBody", {}).get("content", {}).get(_JSON, {})
            body = schemas.get(content.get("schema", {}).get(_REF, "").rpartition("/")[2])
            if body is not None:
                body["additionalProperties"] = False
                content["example"] = _of_body(body, schemas)
    return result


def _words(schema: str, field: str) -> tuple[str, Any]:
    if schema.startswith("Paginated") and field == "next":
        field = "next_of_page"
    return WORDS.get(f"{schema}.{field}") or WORDS.get(field) or ("", None)


def _told(field: dict[str, Any], sentence: str, example: Any) -> dict[str, Any]:
    # Beside a reference many readers see nothing, so it is put into a list of one.
    made: dict[str, Any] = {"allOf": [{_REF: field[_REF]}]} if _REF in field else dict(field)
    if sentence and "description" not in field:
        made["description"] = sentence
    if example is not None and "enum" not in field:
        made["examples"] = [example]
    return made


def _of_body(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """An example of an object: what is needed, and what has an example that says something.

    The version is left out where it need not be named: the header says it better.
    """
    needed = set(schema.get("required", []))
    found = {name: _of_field(field, schemas) for name, field in schema.get("properties", {}).items()}
    return {
        name: value
        for name, value in found.items()
        if value is not _MISSING and (name in needed or (value not in ("", None) and name != "version"))
    }


def _of_field(field: dict[str, Any], schemas: dict[str, Any]) -> Any:
    if "examples" in field:
        return field["examples"][0]
    if _REF in field:
        whole = schemas[field[_REF].rpartition("/")[2]]
        return _of_body(whole, schemas) if "properties" in whole else _of_field(whole, schemas)
    for name in ("allOf", "oneOf", "anyOf"):
        if field.get(name):
            return _of_field(field[name][0], schemas)
    if "enum" in field:
        return field["enum"][0]
    if field.get("type") == "array":
        inner = _of_field(field["items"], schemas)
        return _MISSING if inner is _MISSING else [inner]
    return field.get("default", _MISSING)
