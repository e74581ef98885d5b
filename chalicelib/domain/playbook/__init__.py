"""What operations can say: a playbook is a validated value."""
