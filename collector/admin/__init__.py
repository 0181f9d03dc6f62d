"""The admin pages of the collector: sources, collected articles, the log and complaints."""

from collector.admin.complaints import ComplaintAdmin
from collector.admin.entries import SeenEntryAdmin, SourceEventAdmin
from collector.admin.sources import SourceAdmin
