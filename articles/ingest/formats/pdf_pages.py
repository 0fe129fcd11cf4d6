"""The text of a PDF, page by page. Run as a script of its own, with the CPU seconds it may use: bytes in, JSON out.

A hostile PDF can keep a reader busy for hours or fill the memory, so it is read in a process that the
system stops. Nothing but pypdf and the standard library is imported here, to start quickly.
"""

import io
import json
import logging
import resource
import sys

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MEMORY = 1_500 * 1024 * 1024
MAX_PAGES = 400
MAX_CHARACTERS = 10 * 1024 * 1024


def main() -> None:
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable(logging.CRITICAL)
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


def answer(data: bytes) -> dict[str, object]:
    """{"pages": [text, ...], "title", "created", "modified"} or {"error": code, "detail"}."""
    try:
        return read(PdfReader(io.BytesIO(data)))
    except (MemoryError, RecursionError) as error:
        return {"error": "article.hostile", "detail": type(error).__name__}
    except PyPdfError as error:
        return {"error": "article.malformed", "detail": str(error)}
    except Exception as error:  # pypdf lets what a broken file causes through as it happens
        return {"error": "article.malformed", "detail": f"{type(error).__name__}: {error}"}


def read(reader: PdfReader) -> dict[str, object]:
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "article.encrypted", "detail": ""}
    if len(reader.pages) > MAX_PAGES:
        return {
            "error": "article.hostile",
            "detail": f"it has {len(reader.pages)} pages, at most {MAX_PAGES} are read",
        }
    pages: list[str] = []
    for page in reader.pages:
        pages.append(page.extract_text())
        if sum(map(len, pages)) > MAX_CHARACTERS:
            return {"error": "article.hostile", "detail": "it unpacks to more text than a story has"}
    meta = reader.metadata
    return {"pages": pages, "title": (meta.title if meta else None) or ""}


if __name__ == "__main__":
    main()
