"""What a panel of weekly counts is, what a method answers for it, and how it is worked on."""
