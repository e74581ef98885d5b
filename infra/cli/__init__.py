"""The operator's commands: `python -m infra.cli COMMAND --help`. docs/guide/operator.md explains them."""
