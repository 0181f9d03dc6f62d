"""What the pages of the site show of its visitors."""

from visits.queries.counts import VisitCounts, day_question, past_counts, visit_counts
from visits.queries.presence import Present, present, present_count

__all__ = [
    "Present",
    "VisitCounts",
    "day_question",
    "past_counts",
    "present",
    "present_count",
    "visit_counts",
]
