"""What a load would say of one file alone, and what its unknown headers may mean."""
