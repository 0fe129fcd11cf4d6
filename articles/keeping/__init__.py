"""What is kept of a source: its words, where a quotation stands in them, and a WARC record of the bytes. Pure."""
