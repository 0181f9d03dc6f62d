"""The forms of 사이트 꾸미기."""
