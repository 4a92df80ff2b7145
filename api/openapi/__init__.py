"""The service's OpenAPI document: addresses, parameters, answers, and nothing from elsewhere."""
