"""Pages over several areas: Today, a family's page, the work list, search and the settings."""
