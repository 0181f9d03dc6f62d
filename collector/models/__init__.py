from collector.models.complaints import Complaint
from collector.models.entries import SeenEntry, key_of
from collector.models.robots import RobotsFile
from collector.models.sources import Source, SourceEvent, Trial
