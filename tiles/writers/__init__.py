"""Writers: features of one kind become tile contents."""
