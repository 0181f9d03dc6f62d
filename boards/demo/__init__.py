"""The demo community: people, boards, posts and pictures for an empty site."""
