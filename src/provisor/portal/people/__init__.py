"""One person or group: provisioned on demand, explained, and seen across all applications."""
