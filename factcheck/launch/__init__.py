"""`make run` and `make test`: the process tree of one desk on one machine, and the suite with its servers.

Nothing here is needed when the parts are started by something else (an orchestrator, systemd, compose.yaml).
"""
