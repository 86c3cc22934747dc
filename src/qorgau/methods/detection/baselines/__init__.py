"""The weeks that a tested week is compared with, and what they let us expect."""
