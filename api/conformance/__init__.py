"""The service asks itself whether every conformance class that it claims is true."""
