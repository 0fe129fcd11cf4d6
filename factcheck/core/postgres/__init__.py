"""Django's PostgreSQL backend with two roads shortened: whether a connection is alive, and single reads."""
