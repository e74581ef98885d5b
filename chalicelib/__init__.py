"""Chaoxi 潮汐: private-domain customer operations for WeChat and WeCom, serverless."""
