"""The outside: a file or folder per remote system, its clients built on first use."""
