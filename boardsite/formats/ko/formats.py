"""Korean formats that differ from Django's, which write 3:24 오전 for 오전 3:24."""

DATETIME_FORMAT = "Y년 n월 j일 A g:i"
