"""The places that reach into pika: frames, headers and properties of messages."""
