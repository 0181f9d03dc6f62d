"""The pages of a member. allauth has those for logging in."""
