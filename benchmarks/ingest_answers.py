"""Read the pages of a gold file and print one answer a line, for whatever scores them.

    python benchmarks/ingest_answers.py GOLD.jsonl [--captions] > ANSWERS.jsonl

GOLD has {"id", "file" (relative to it), "url"} a line. The body is every block but the headline; captions stand
apart from the body and are added with --captions.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from articles.ingest.readers import read_bytes
from articles.ingest.serialise import iso_utc
from factcheck.core.errors import FactcheckError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--captions", action="store_true")
    options = parser.parse_args()
    left_out = {"headline"} if options.captions else {"headline", "caption"}
    with options.gold.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            print(json.dumps({"id": row["id"], **answer(row, options.gold.parent, left_out)}, ensure_ascii=False))


def answer(row: dict[str, str], folder: Path, left_out: set[str]) -> dict[str, object]:
    """Title, time, authors and body of one page, or the error."""
    try:
        parsed = read_bytes((folder / row["file"]).read_bytes(), name=row["file"], url=row.get("url", ""))
    except FactcheckError as error:
        return {"error": {"code": error.code, "detail": error.detail}}
    body = [parsed.text[block.start : block.end] for block in parsed.blocks if block.kind not in left_out]
    return {
        "title": parsed.title,
        "published_at": iso_utc(parsed.published_at),
        "authors": list(parsed.authors),
        "body": "\n\n".join(body),
    }


if __name__ == "__main__":
    main()
