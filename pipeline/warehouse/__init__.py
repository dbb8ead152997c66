"""From what landed to what is published."""
