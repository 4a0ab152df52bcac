"""The log of requests: what clients asked and what they were answered, without what is in it about people."""
