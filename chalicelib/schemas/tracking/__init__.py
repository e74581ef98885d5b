"""The tracking API: the shapes of Segment's HTTP tracking API, as its own SDKs and RudderStack's send them."""
