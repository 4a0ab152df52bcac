"""The tab Provisioning logs: searching, one entry step by step, files to keep."""
