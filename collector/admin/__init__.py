"""The staff's desk for the collector: where from, what came of it, who complains."""

from collector.admin.complaints import ComplaintAdmin
from collector.admin.entries import SeenEntryAdmin, SourceEventAdmin
from collector.admin.sources import SourceAdmin

__all__ = ["ComplaintAdmin", "SeenEntryAdmin", "SourceAdmin", "SourceEventAdmin"]
