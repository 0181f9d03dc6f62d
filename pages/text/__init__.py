"""What an owner pastes for search engines and advertisers. Pure."""
