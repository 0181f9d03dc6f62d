"""Whether a robot is who it says."""

from visits.models import RobotCount


def standing_of(name: str, address: str) -> str:
    """A value of RobotCount.Standing. May ask the network: never in a request."""
    return RobotCount.Standing.CLAIMED
