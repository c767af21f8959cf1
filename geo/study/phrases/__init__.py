"""What is said, by subject, with the English and the Spanish text of each phrase side by side."""
