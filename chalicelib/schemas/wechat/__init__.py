"""What WeChat's servers send: encrypted envelopes, and the events inside them."""
