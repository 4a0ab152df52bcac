"""The first page: how every job is doing."""
