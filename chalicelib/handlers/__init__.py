"""Entry points: a file per source, which parses, calls one service and answers."""
