"""WeCom's server API: a thin, typed client."""
