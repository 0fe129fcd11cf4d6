"""Everything dies while claims are asked about; see `__main__`."""
