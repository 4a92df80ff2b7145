"""What the STAC door needs beside its routes."""
