"""What CloudWatch Logs hands on: batches of log lines, and in them usage lines and Lambda's reports."""
