"""What is deployed, and the commands that deploy it."""
