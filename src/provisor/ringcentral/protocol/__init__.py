"""The SCIM protocol as each profile speaks it: endpoint, services, client dialects and answers."""
