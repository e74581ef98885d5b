"""Use cases, named by their verbs. Each may be killed at any line and delivered again."""
