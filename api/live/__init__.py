"""What changes, as it changes: the store is looked at now and then, and who listens is told."""
