"""The OpenAPI 3.1 description of each profile, made from its schemas and its operations."""
